package dev.tidewaiter.plan;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Phase;
import dev.tidewaiter.model.ResourceId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// One thing to do to one resource. It holds seals, never a secret: a target looks the secret up
/// when it applies the change.
public sealed interface Change {
  ResourceId id();

  /// Whether it takes away something that is ours: a prune, or an update that drops a field. Such
  /// changes come last and go backwards through the phases.
  boolean isWithdrawal();

  /// Whether it takes access away, so that the guard counts it: a withdrawal, but not of what only
  /// denies.
  default boolean takesAccess() {
    return isWithdrawal() && !AdmissionChange.takesNoAccess(this);
  }

  /// When it is applied: with its kind, but entries of an allow-list before the default registry
  /// that needs them, and out after it.
  default Phase phase() {
    return AdmissionChange.isOfEntries(this) ? Phase.ALLOW : id().kind().phase();
  }

  /// The resource is not there.
  ///
  /// @param fields all that are known; what is withheld is missing
  record Create(ResourceId id, SortedMap<String, FieldValue> fields) implements Change {
    public Create {
      fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    @Override
    public boolean isWithdrawal() {
      return false;
    }
  }

  /// Single fields differ; those not named stay as they are. Either no field is dropped, or every
  /// one named is.
  ///
  /// @param adopts whether the resource is foreign, its owner allows that it becomes ours, and this
  ///   update makes it so
  record Update(ResourceId id, SortedMap<String, FieldChange> fields, boolean adopts)
      implements Change {
    public Update {
      fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
      long dropped = fields.values().stream().filter(FieldChange.Dropped.class::isInstance).count();
      if (dropped != 0 && dropped != fields.size()) {
        throw new IllegalArgumentException("an update drops fields or sets them, not both: " + id);
      }
    }

    @Override
    public boolean isWithdrawal() {
      return fields.values().stream().anyMatch(FieldChange.Dropped.class::isInstance);
    }
  }

  /// The resource is ours and no longer declared.
  ///
  /// @param opens whether nothing can be reached less without it, as far as that depends on what is
  ///   there beside it
  record Prune(ResourceId id, boolean opens) implements Change {
    /// Of what gives access, unless its kind says otherwise.
    public Prune(ResourceId id) {
      this(id, false);
    }

    /// Of what only refuses, or is needed only beside what refuses all else.
    static Prune opening(ResourceId id) {
      return new Prune(id, true);
    }

    @Override
    public boolean isWithdrawal() {
      return true;
    }
  }
}
