package dev.tidewaiter.plan;

import dev.tidewaiter.model.ResourceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A plan that is being made: it sorts what is found into the plan's lists, as far as nothing is
/// frozen.
final class Draft {
  private static final Comparator<Change> ADDITIONS =
      Comparator.comparing(Change::phase)
          .thenComparing(AdmissionChange::isOfEntries, Comparator.reverseOrder())
          .thenComparing(Change::id);

  private final Restraint.Freeze freeze;
  private final Set<ResourceId> touched = new HashSet<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<Change> frozen = new ArrayList<>();
  private final List<ResourceId> unchanged = new ArrayList<>();
  private final List<Plan.Withheld> withheld = new ArrayList<>();
  private final List<Plan.Conflict> conflicts = new ArrayList<>();

  Draft(Restraint.Freeze freeze) {
    this.freeze = freeze;
  }

  void add(Change change) {
    touched.add(change.id());
    (freeze == Restraint.Freeze.NOTHING ? changes : frozen).addAll(AdmissionChange.parts(change));
  }

  /// Adds an update of fields that are set.
  ///
  /// @param minted those of them that are refreshed even while declared state is frozen
  void addUpdate(
      ResourceId id, SortedMap<String, FieldChange> set, SortedMap<String, FieldChange> minted) {
    switch (freeze) {
      case DECLARED -> {
        if (!minted.isEmpty()) {
          touched.add(id);
          changes.add(new Change.Update(id, minted, false));
        }
        addUpdate(id, set);
      }
      case NOTHING, ALL -> {
        var all = new TreeMap<>(set);
        all.putAll(minted);
        addUpdate(id, all);
      }
    }
  }

  private void addUpdate(ResourceId id, SortedMap<String, FieldChange> fields) {
    if (!fields.isEmpty()) {
      add(new Change.Update(id, fields, false));
    }
  }

  void withhold(ResourceId id, @Nullable String field, String reason) {
    touched.add(id);
    withheld.add(new Plan.Withheld(id, field, reason));
  }

  void conflict(Plan.Conflict conflict) {
    touched.add(conflict.id());
    conflicts.add(conflict);
  }

  void leave(ResourceId id) {
    unchanged.add(id);
  }

  void leaveIfUntouched(ResourceId id) {
    if (!touched.contains(id)) {
      leave(id);
    }
  }

  /// The plan, with what takes access away held if the guard says so.
  ///
  /// @param owned how many of the observed resources have something of ours
  Plan finish(Restraint restraint, int owned) {
    int withdrawals = (int) changes.stream().filter(Change::takesAccess).count();
    String approval = Guard.approvalNeeded(withdrawals, owned, restraint);
    List<Change> ordered = ordered(changes);
    boolean held = approval != null;
    return new Plan(
        held ? ordered.stream().filter(change -> !change.takesAccess()).toList() : ordered,
        unchanged.stream().sorted().toList(),
        withheld,
        held ? ordered.stream().filter(Change::takesAccess).toList() : List.of(),
        conflicts,
        ordered(frozen),
        List.of(),
        approval);
  }

  private static List<Change> ordered(List<Change> changes) {
    return Stream.concat(
            changes.stream().filter(change -> !change.isWithdrawal()).sorted(ADDITIONS),
            changes.stream().filter(Change::isWithdrawal).sorted(ADDITIONS.reversed()))
        .toList();
  }
}
