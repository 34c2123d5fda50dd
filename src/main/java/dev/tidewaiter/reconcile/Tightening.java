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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Tells changes of policies that may deny what was admitted from those that only open, and from
/// corrections of what others edited.
///
/// In doubt a change may deny: that it is judged then costs a question about what runs.
///
/// @param enforced what the changes are made to
record Tightening(Policies policies, Enforced enforced) {
  /// Fields of a default registry and its bindings, each without what follows a slash, that decide
  /// where images without a host come from, which may not be allowed.
  private static final Set<String> MOVING =
      Set.of("default", "exempt", "only", "policy", "namespaces");

  /// What one field's change does to what is admitted.
  private enum Direction {
    /// It admits more, whatever else changes.
    ADMITS,
    /// It admits more, unless what else changes takes its place.
    OPENS,
    NEUTRAL,
    TIGHTENS
  }

  /// Whether a plan may deny what was admitted before. What binds the proof denies no workload.
  boolean isIn(Plan plan) {
    return plan.changes().stream()
        .anyMatch(change -> tightens(change) && !policies.isOfProof(change.id()));
  }

  /// The plan without what tightens: there, what is in force stays. Of an update, the fields that
  /// only open are carried out. A binding goes or narrows only if none waits that may be meant to
  /// take its place, and a rule only if no other rule waits, or what both deny would be free
  /// meanwhile.
  Plan hold(Plan plan) {
    var carriedOut = new ArrayList<Change>();
    var denials = new ArrayList<Change>();
    boolean rules = plan.changes().stream().anyMatch(one -> isRules(one) && tightens(one));
    boolean bindings = plan.changes().stream().anyMatch(one -> isBinding(one) && tightens(one));
    for (Change change : plan.changes()) {
      boolean replaced = isRules(change) ? rules : isBinding(change) && bindings;
      if (!replaced && !tightens(change)) {
        carriedOut.add(change);
      } else if (change instanceof Change.Update update && !update.adopts()) {
        Direction least = replaced ? Direction.ADMITS : Direction.OPENS;
        divide(update, least, carriedOut, denials);
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

  /// @param least what a field must be at least to be carried out
  private void divide(
      Change.Update update, Direction least, List<Change> carriedOut, List<Change> denials) {
    SortedMap<String, FieldChange> opening = new TreeMap<>(update.fields());
    opening
        .entrySet()
        .removeIf(
            field -> direction(update, field.getKey(), field.getValue()).compareTo(least) > 0);
    SortedMap<String, FieldChange> rest = new TreeMap<>(update.fields());
    rest.keySet().removeAll(opening.keySet());
    if (!opening.isEmpty()) {
      carriedOut.add(new Change.Update(update.id(), opening, false));
    }
    if (!rest.isEmpty()) {
      denials.add(new Change.Update(update.id(), rest, false));
    }
  }

  private static boolean isRules(Change change) {
    return change.id().kind() == ResourceKind.ALLOW_POLICY
        && !PolicyNames.isCandidate(change.id().name());
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
      case Change.Create create ->
          denies || create.fields().keySet().stream().anyMatch(field -> moves(create, field));
      case Change.Prune prune -> !denies && moves(prune, "exempt");
      case Change.Update update ->
          update.fields().entrySet().stream()
              .anyMatch(
                  field ->
                      direction(update, field.getKey(), field.getValue()) == Direction.TIGHTENS);
    };
  }

  private Direction direction(Change.Update update, String field, FieldChange change) {
    return switch (update.id().kind()) {
      case ALLOW_POLICY -> ofRules(update, field, change);
      case ALLOW_BINDING -> ofBinding(field, change);
      case DEFAULT_POLICY, DEFAULT_BINDING ->
          moves(update, field) ? Direction.TIGHTENS : Direction.NEUTRAL;
      default -> Direction.NEUTRAL;
    };
  }

  /// Whether images without a host may come from elsewhere by it, where anything is denied.
  private boolean moves(Change change, String field) {
    boolean defaults = enforced.defaultRegistry() != null || field.equals("default");
    return defaults
        && enforced.denies()
        && MOVING.contains(field.replaceFirst("/.*", ""))
        && !PolicyNames.isInjection(change.id().name());
  }

  private Direction ofRules(Change.Update update, String field, FieldChange change) {
    boolean added = change instanceof FieldChange.Added;
    boolean dropped = change instanceof FieldChange.Dropped;
    return switch (field.replaceFirst("/.*", "")) {
      case "allow" -> ofEntry(update, added);
      case "limited", "inactive" ->
          dropped ? Direction.OPENS : added ? Direction.TIGHTENS : Direction.NEUTRAL;
      case "exempt" -> added ? Direction.ADMITS : Direction.TIGHTENS;
      case "only" -> Direction.TIGHTENS;
      case Policies.EDITED -> Direction.ADMITS;
      default -> Direction.NEUTRAL;
    };
  }

  private Direction ofEntry(Change.Update update, boolean added) {
    if (added) {
      return isLimited() ? Direction.ADMITS : Direction.TIGHTENS;
    }
    return isUnlimitedBy(update) ? Direction.OPENS : Direction.TIGHTENS;
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
