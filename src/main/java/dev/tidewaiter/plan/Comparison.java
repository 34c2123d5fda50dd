package dev.tidewaiter.plan;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceKind;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One declared resource beside what stands in its place.
final class Comparison {
  private final Resource desired;
  private final ObservedResource observed;
  private final Draft draft;

  private Comparison(Resource desired, ObservedResource observed, Draft draft) {
    this.desired = desired;
    this.observed = observed;
    this.draft = draft;
  }

  /// Adds to the draft what becomes of `desired`.
  ///
  /// @param observed null if it does not exist
  static void compare(Resource desired, @Nullable ObservedResource observed, Draft draft) {
    if (observed == null) {
      create(desired, draft);
      return;
    }
    var comparison = new Comparison(desired, observed, draft);
    switch (observed.holding()) {
      case Holding.Ours _, Holding.Shared _ -> comparison.update();
      case Holding.Elsewhere(String owner) ->
          draft.conflict(
              new Plan.Conflict(
                  desired.id(),
                  true,
                  "It belongs to " + owner + ", which has to let it go first."));
      case Holding.Foreign foreign -> new AdoptionRule(desired, observed, draft).judge(foreign);
    }
  }

  /// The update that drops every field of ours except those named.
  static Change.Update withdrawal(ObservedResource observed, Set<String> declared) {
    var dropped = new TreeMap<String, FieldChange>();
    observed
        .fields()
        .forEach(
            (name, field) -> {
              if (field.ours() && !declared.contains(name)) {
                dropped.put(name, new FieldChange.Dropped(field.value()));
              }
            });
    return new Change.Update(observed.id(), dropped, false);
  }

  private static void create(Resource desired, Draft draft) {
    if (!desired.isKnown()) {
      draft.withhold(desired.id(), null, reasons(desired));
      return;
    }
    var known = new TreeMap<String, FieldValue>();
    desired
        .fields()
        .forEach(
            (name, field) -> {
              switch (field) {
                case DesiredField.Known(FieldValue value, _) -> known.put(name, value);
                case DesiredField.Withheld(String reason) ->
                    draft.withhold(desired.id(), name, reason);
              }
            });
    draft.add(new Change.Create(desired.id(), known));
  }

  private static String reasons(Resource desired) {
    return desired.fields().values().stream()
        .filter(DesiredField.Withheld.class::isInstance)
        .map(field -> ((DesiredField.Withheld) field).reason())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private void update() {
    var set = new TreeMap<String, FieldChange>();
    var minted = new TreeMap<String, FieldChange>();
    desired.fields().forEach((name, field) -> compareField(name, field, set, minted));
    if (isOfEndpoints() && set.keySet().stream().anyMatch(Comparison::isEndpoint)) {
      set.putAll(minted);
      minted.clear();
    }
    draft.addUpdate(desired.id(), set, minted);
    Change.Update withdrawal = withdrawal(observed, desired.fields().keySet());
    if (!withdrawal.fields().isEmpty() && !(isOfEndpoints() && !desired.isKnown())) {
      draft.add(withdrawal);
    }
    draft.leaveIfUntouched(desired.id());
  }

  // The numbers of endpoints mean something together. A token is for the endpoint that is declared
  // with its number, so it is not refreshed for another that has the number while declared state is
  // frozen; and where the endpoints are not known, none of those that are there is one too many.
  private boolean isOfEndpoints() {
    return desired.id().kind() == ResourceKind.REGISTRY_HOST;
  }

  private static boolean isEndpoint(String field) {
    return field.startsWith("endpoint/");
  }

  private void compareField(
      String name,
      DesiredField field,
      SortedMap<String, FieldChange> set,
      SortedMap<String, FieldChange> minted) {
    switch (field) {
      case DesiredField.Withheld(String reason) -> draft.withhold(desired.id(), name, reason);
      case DesiredField.Known(FieldValue after, DesiredField.Origin origin) -> {
        ObservedField before = observed.fields().get(name);
        if (before == null) {
          set.put(name, new FieldChange.Added(after));
        } else if (!after.isSatisfiedBy(before.value())) {
          if (before.ours()) {
            var replaced = new FieldChange.Replaced(before.value(), after);
            (origin == DesiredField.Origin.MINTED ? minted : set).put(name, replaced);
          } else {
            draft.conflict(foreignField(name));
          }
        }
      }
    }
  }

  private Plan.Conflict foreignField(String name) {
    return new Plan.Conflict(
        desired.id(),
        false,
        "Its field " + name + " has another value, which somebody else wrote.");
  }
}
