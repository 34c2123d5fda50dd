package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Tells changes of policies that may deny what was admitted from those that only open, and from
/// corrections of what others edited.
///
/// In doubt a change may deny: that it is judged then costs a question about what runs.
///
/// @param enforced what the changes are made to
record Tightening(Policies policies, Enforced enforced) {
  /// What one field's change does to what is admitted.
  private enum Direction {
    OPENS,
    NEUTRAL,
    TIGHTENS
  }

  /// Whether a plan may deny what was admitted before. What binds the proof denies no workload.
  boolean isIn(Plan plan) {
    return plan.changes().stream()
        .anyMatch(change -> tightens(change) && !policies.isOfProof(change.id()));
  }

  /// The plan without what tightens: there, what is in force stays. An update of which some fields
  /// open and others tighten is divided. A binding goes only if none waits that may be meant to take
  /// its place, or its namespaces would be free meanwhile.
  Plan hold(Plan plan) {
    var carriedOut = new ArrayList<Change>();
    var denials = new ArrayList<Change>();
    boolean rebinds = plan.changes().stream().anyMatch(one -> isBinding(one) && tightens(one));
    for (Change change : plan.changes()) {
      if (rebinds && isBinding(change) && change instanceof Change.Prune) {
        denials.add(change);
      } else if (!tightens(change)) {
        carriedOut.add(change);
      } else if (change instanceof Change.Update update && !update.adopts()) {
        divide(update, carriedOut, denials);
      } else {
        denials.add(change);
      }
    }
    return new Plan(
        carriedOut,
        plan.unchanged(),
        plan.withheld(),
        plan.held(),
        plan.conflicts(),
        plan.frozen(),
        denials,
        plan.approval());
  }

  private void divide(Change.Update update, List<Change> carriedOut, List<Change> denials) {
    SortedMap<String, FieldChange> opening = new TreeMap<>(update.fields());
    opening.entrySet().removeIf(field -> direction(update, field.getKey()) != Direction.OPENS);
    SortedMap<String, FieldChange> rest = new TreeMap<>(update.fields());
    rest.keySet().removeAll(opening.keySet());
    if (!opening.isEmpty()) {
      carriedOut.add(new Change.Update(update.id(), opening, false));
    }
    denials.add(new Change.Update(update.id(), rest, false));
  }

  private boolean isBinding(Change change) {
    return change.id().kind() == ResourceKind.ALLOW_BINDING
        && !PolicyNames.isCandidate(change.id().name())
        && !policies.isOfProof(change.id());
  }

  private boolean tightens(Change change) {
    if (!Policies.isPolicy(change.id().kind()) || PolicyNames.isCandidate(change.id().name())) {
      return false;
    }
    boolean denies = Policies.denies(change.id().kind());
    return switch (change) {
      case Change.Create _ -> denies;
      case Change.Prune _ -> !denies && enforced.denies();
      case Change.Update update ->
          update.fields().keySet().stream()
              .anyMatch(field -> direction(update, field) == Direction.TIGHTENS);
    };
  }

  private Direction direction(Change.Update update, String field) {
    FieldChange change = update.fields().get(field);
    boolean dropped = change instanceof FieldChange.Dropped;
    return switch (update.id().kind()) {
      case ALLOW_POLICY -> ofRules(update, field, change);
      case ALLOW_BINDING -> ofBinding(field, change);
      // Without it, images without a host come from Docker Hub, which may not be allowed.
      case DEFAULT_POLICY ->
          field.equals("default") && dropped && enforced.denies()
              ? Direction.TIGHTENS
              : Direction.NEUTRAL;
      default -> Direction.NEUTRAL;
    };
  }

  private Direction ofRules(Change.Update update, String field, FieldChange change) {
    boolean added = change instanceof FieldChange.Added;
    boolean dropped = change instanceof FieldChange.Dropped;
    return switch (field.replaceFirst("/.*", "")) {
      case "allow" ->
          (added ? isLimited() : isUnlimitedBy(update)) ? Direction.OPENS : Direction.TIGHTENS;
      case "limited", "inactive" ->
          dropped ? Direction.OPENS : added ? Direction.TIGHTENS : Direction.NEUTRAL;
      case "exempt" -> added ? Direction.OPENS : Direction.TIGHTENS;
      case "only" -> Direction.TIGHTENS;
      case Policies.EDITED -> Direction.OPENS;
      default -> Direction.NEUTRAL;
    };
  }

  private boolean isLimited() {
    var rules = enforced.rules();
    return rules != null && rules.allowed() != null;
  }

  private static boolean isUnlimitedBy(Change.Update update) {
    return update.fields().get("limited") instanceof FieldChange.Dropped;
  }

  private static Direction ofBinding(String field, FieldChange change) {
    return switch (field) {
      case "actions", "policy" -> Direction.TIGHTENS;
      case "namespaces" -> narrows(change) ? Direction.OPENS : Direction.TIGHTENS;
      default -> Direction.NEUTRAL;
    };
  }

  /// Whether a clause names fewer than before.
  private static boolean narrows(FieldChange change) {
    if (!(change
        instanceof
        FieldChange.Replaced(FieldValue.Plain(String before), FieldValue.Plain(String after)))) {
      return false;
    }
    List<String> were = Arrays.asList(before.split(" "));
    List<String> are = Arrays.asList(after.split(" "));
    return (after.startsWith("names ") || after.startsWith("projects "))
        && were.getFirst().equals(are.getFirst())
        && new HashSet<>(were).containsAll(are);
  }
}
