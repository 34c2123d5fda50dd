package dev.tidewaiter.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Plan;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A plan as programs read it: the JSON form of `diff` and `apply`.
///
/// @param unchanged how many resources are as desired
/// @param denials changes of policies that wait, because they would deny what runs
/// @param approval what to write into `prune.approve` to release what is held; absent if nothing is
@JsonInclude(JsonInclude.Include.NON_NULL)
record PlanDocument(
    String environment,
    String target,
    List<ChangeDocument> changes,
    int unchanged,
    List<WithheldDocument> withheld,
    List<ChangeDocument> held,
    List<ChangeDocument> denials,
    List<ChangeDocument> frozen,
    List<ConflictDocument> conflicts,
    @Nullable String approval) {

  /// @param operation `Create`, `Update` or `Prune`
  /// @param fields what becomes of each field, by name
  record ChangeDocument(
      String operation,
      String resource,
      boolean withdrawal,
      SortedMap<String, FieldDocument> fields) {}

  /// @param change `Added`, `Replaced` or `Dropped`
  /// @param before absent for a secret and for what was not there
  /// @param after absent for a secret and for what will not be there
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FieldDocument(
      String change, boolean secret, @Nullable String before, @Nullable String after) {}

  /// @param field absent if the whole resource is meant
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record WithheldDocument(String resource, @Nullable String field, String reason) {}

  record ConflictDocument(String resource, boolean contested, String detail) {}

  static PlanDocument from(String environment, String target, Plan plan) {
    return new PlanDocument(
        environment,
        target,
        changes(plan.changes()),
        plan.unchanged().size(),
        plan.withheld().stream()
            .map(w -> new WithheldDocument(w.id().toString(), w.field(), w.reason()))
            .toList(),
        changes(plan.held()),
        changes(plan.denials()),
        changes(plan.frozen()),
        plan.conflicts().stream()
            .map(c -> new ConflictDocument(c.id().toString(), c.contested(), c.detail()))
            .toList(),
        plan.approval());
  }

  private static List<ChangeDocument> changes(List<Change> changes) {
    return changes.stream().map(PlanDocument::change).toList();
  }

  private static ChangeDocument change(Change change) {
    var fields = new TreeMap<String, FieldDocument>();
    String operation =
        switch (change) {
          case Change.Create create -> {
            create.fields().forEach((name, value) -> fields.put(name, field("Added", null, value)));
            yield "Create";
          }
          case Change.Update update -> {
            update.fields().forEach((name, field) -> fields.put(name, field(field)));
            yield "Update";
          }
          case Change.Prune _ -> "Prune";
        };
    return new ChangeDocument(operation, change.id().toString(), change.takesAccess(), fields);
  }

  private static FieldDocument field(FieldChange change) {
    return switch (change) {
      case FieldChange.Added(FieldValue after) -> field("Added", null, after);
      case FieldChange.Replaced(FieldValue before, FieldValue after) ->
          field("Replaced", before, after);
      case FieldChange.Dropped(FieldValue before) -> field("Dropped", before, null);
    };
  }

  private static FieldDocument field(
      String change, @Nullable FieldValue before, @Nullable FieldValue after) {
    boolean secret = isSecret(before) || isSecret(after);
    return new FieldDocument(change, secret, text(before), text(after));
  }

  private static boolean isSecret(@Nullable FieldValue value) {
    return value instanceof FieldValue.Sealed || value instanceof FieldValue.Minted;
  }

  private static @Nullable String text(@Nullable FieldValue value) {
    return switch (value) {
      case FieldValue.Plain(String text) -> text;
      case FieldValue.Sealed _, FieldValue.Minted _ -> null;
      case null -> null;
    };
  }
}
