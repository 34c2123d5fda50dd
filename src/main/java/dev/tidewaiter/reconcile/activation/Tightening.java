package dev.tidewaiter.reconcile.activation;

import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.policy.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tells changes of policies that may deny what was admitted from those that only open, and from
/// corrections of what others edited.
///
/// In doubt a change may deny: that it is judged then costs a question about what runs.
///
/// @param enforced what the changes are made to
public record Tightening(Policies policies, Enforced enforced) {
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
  public boolean isIn(Plan plan) {
    return plan.changes().stream()
        .anyMatch(change -> tightens(change) && !policies.isOfProof(change.id()));
  }

  /// The plan without what tightens: there, what is in force stays. Of an update, the fields that
  /// only open are carried out. A binding goes or narrows only if none waits that may be meant to
  /// take its place, and a rule only if no other rule waits, or what both deny would be free
  /// meanwhile.
  public Plan hold(Plan plan) {
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
    return plan.withChanges(carriedOut).withDenials(denials);
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
    if (!change.id().kind().isPolicy() || PolicyNames.isCandidate(change.id().name())) {
      return false;
    }
    boolean denies = Policies.denies(change.id().kind());
    return switch (change) {
      case Change.Create create ->
          denies || (enforced.denies() && movesToInactive(create.fields().get("default")));
      case Change.Prune _ -> !denies && undefaults(change.id());
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
          undefaults(update.id()) && takesDefault(field, change)
              ? Direction.TIGHTENS
              : Direction.NEUTRAL;
      default -> Direction.NEUTRAL;
    };
  }

  /// Whether it matters to denials that a default registry ends: without it, images without a host
  /// come from Docker Hub, which may not be allowed.
  private boolean undefaults(ResourceId id) {
    return enforced.denies() && !PolicyNames.isInjection(id.name());
  }

  // What rules cover and what a default registry covers is declared together; but the rules may be
  // held, and then cover what they covered. That it is allowed is checked where it is declared.
  private boolean takesDefault(String field, FieldChange change) {
    return switch (field) {
      case "default" ->
          switch (change) {
            case FieldChange.Added(FieldValue after) -> movesToInactive(after);
            case FieldChange.Replaced(_, FieldValue after) -> movesToInactive(after);
            case FieldChange.Dropped _ -> true;
          };
      case "namespaces" -> enforced.defaultRegistry() != null && !widens(change);
      case "only", "policy" -> enforced.defaultRegistry() != null;
      default -> false;
    };
  }

  /// Whether a default registry is denied as inactive by the rules in force.
  private boolean movesToInactive(@Nullable FieldValue registry) {
    RuleBook rules = enforced.rules();
    return rules != null
        && registry instanceof FieldValue.Plain(String text)
        && rules.judge(text.replaceFirst(" .*", "/image")) instanceof Verdict.Inactive;
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
      case PolicyObject.EDITED -> Direction.ADMITS;
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
    return change
            instanceof
            FieldChange.Replaced(FieldValue.Plain(String before), FieldValue.Plain(String after))
        && isWithin(after, before);
  }

  /// Whether a clause names more than before.
  private static boolean widens(FieldChange change) {
    return change
            instanceof
            FieldChange.Replaced(FieldValue.Plain(String before), FieldValue.Plain(String after))
        && isWithin(before, after);
  }

  private static boolean isWithin(String part, String whole) {
    List<String> were = Arrays.asList(whole.split(" "));
    List<String> are = Arrays.asList(part.split(" "));
    return (part.startsWith("names ") || part.startsWith("projects "))
        && were.getFirst().equals(are.getFirst())
        && new HashSet<>(were).containsAll(are);
  }
}
