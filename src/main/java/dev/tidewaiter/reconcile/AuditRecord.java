package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import java.time.Instant;
import java.util.List;

/// One line of `audit.jsonl`: one change that was carried out. It names fields and never a value.
/// Flat, so that line-oriented tools can select by any component.
///
/// @param time UTC
/// @param trigger why the cycle ran
/// @param operation `create`, `update`, `drop`, `prune` or `release`
/// @param resource the id, such as `Secret/shop/registry-credentials`
/// @param fields names of what was written or dropped; empty for a prune
/// @param outcome always `applied`, until records of other outcomes exist
public record AuditRecord(
    Instant time,
    String instance,
    String environment,
    String target,
    String revision,
    String cycle,
    String trigger,
    String operation,
    String resource,
    List<String> fields,
    String outcome) {
  static AuditRecord of(Instant time, String instance, Run run, Change change) {
    return of(time, instance, run, operation(change), change.id(), fields(change));
  }

  /// A resource was left to itself.
  static AuditRecord released(Instant time, String instance, Run run, ResourceId id) {
    return of(time, instance, run, "release", id, List.of());
  }

  private static AuditRecord of(
      Instant time,
      String instance,
      Run run,
      String operation,
      ResourceId id,
      List<String> fields) {
    return new AuditRecord(
        time,
        instance,
        run.subject().environment(),
        run.subject().target(),
        run.revision().id(),
        run.cycle(),
        run.trigger().cause(),
        operation,
        id.toString(),
        fields,
        "applied");
  }

  static String operation(Change change) {
    return switch (change) {
      case Change.Create _ -> "create";
      case Change.Update update -> update.isWithdrawal() ? "drop" : "update";
      case Change.Prune _ -> "prune";
    };
  }

  static List<String> fields(Change change) {
    return switch (change) {
      case Change.Create create -> List.copyOf(create.fields().keySet());
      case Change.Update update -> List.copyOf(update.fields().keySet());
      case Change.Prune _ -> List.of();
    };
  }
}
