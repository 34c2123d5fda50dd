package dev.tidewaiter.plan;

import dev.tidewaiter.model.ResourceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one cycle will do, and what it leaves alone and why. Every resource, desired or ours,
/// appears in at least one list; what is withheld or held appears in no change.
///
/// @param changes in the order of application: additions by phase, kind and scope, then withdrawals
///   backwards
/// @param unchanged already as desired, or in a scope that is left alone
/// @param withheld not touched because we lack knowledge
/// @param held withdrawals not carried out until approved
/// @param conflicts desired where something stands that is not ours
/// @param frozen not carried out because the environment is suspended or only detects; what would
///   have been done
/// @param denials changes of what a cluster denies, held until approved; what is in force stays
/// @param approval what to write into `prune.approve` to release what is held; null if nothing is
public record Plan(
    List<Change> changes,
    List<ResourceId> unchanged,
    List<Withheld> withheld,
    List<Change> held,
    List<Conflict> conflicts,
    List<Change> frozen,
    List<Change> denials,
    @Nullable String approval) {
  public Plan {
    denials = List.copyOf(denials);
    changes = List.copyOf(changes);
    unchanged = List.copyOf(unchanged);
    withheld = List.copyOf(withheld);
    held = List.copyOf(held);
    conflicts = List.copyOf(conflicts);
    frozen = List.copyOf(frozen);
  }

  /// A field, or a whole resource, that is declared but whose value is not known.
  ///
  /// @param field null for a resource of which no field is known and which does not exist, so it is
  ///   not created
  public record Withheld(ResourceId id, @Nullable String field, String reason) {}

  /// A resource that is desired where something stands that is not ours.
  ///
  /// @param contested whether it belongs to another environment or instance of ours, rather than to
  ///   a stranger
  /// @param detail one sentence for people: whose it is and how it could be adopted
  public record Conflict(ResourceId id, boolean contested, String detail) {}

  /// The same with other changes, which are in the order of application.
  public Plan withChanges(List<Change> others) {
    return new Plan(others, unchanged, withheld, held, conflicts, frozen, denials, approval);
  }

  /// The same with something else that is not known.
  public Plan withWithheld(List<Withheld> others) {
    return new Plan(changes, unchanged, others, held, conflicts, frozen, denials, approval);
  }

  /// The same with nothing that waits for an approval of withdrawals.
  public Plan withoutHeld() {
    return new Plan(changes, unchanged, withheld, List.of(), conflicts, frozen, denials, null);
  }

  /// The same with something else that is put off by a freeze.
  public Plan withFrozen(List<Change> others) {
    return new Plan(changes, unchanged, withheld, held, conflicts, others, denials, approval);
  }

  /// The same with other denials that wait for an approval.
  public Plan withDenials(List<Change> others) {
    return new Plan(changes, unchanged, withheld, held, conflicts, frozen, others, approval);
  }

  /// Whether nothing would be done.
  public boolean isEmpty() {
    return changes.isEmpty();
  }
}
