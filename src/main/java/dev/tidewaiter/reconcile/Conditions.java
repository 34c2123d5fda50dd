package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Environment.DriftMode;
import dev.tidewaiter.config.Environment.Suspend;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The one place that turns what a cycle found and did into conditions.
final class Conditions {
  private final List<Condition> conditions = new ArrayList<>();

  private Conditions() {}

  /// All that is true, sorted by reason.
  static List<Condition> of(Environment environment, Considered considered, List<Result> results) {
    var all = new Conditions();
    all.conditions.addAll(HostConditions.noted(considered, results));
    all.conditions.addAll(PolicyConditions.of(considered));
    all.ofEnvironment(environment, considered);
    all.ofPlan(considered.plan());
    considered
        .contended()
        .forEach((id, writer) -> all.add(Reason.Contended, contended(id, writer)));
    all.ofResults(results);
    all.conditions.sort(Comparator.comparing(Condition::reason));
    return all.conditions;
  }

  private void ofEnvironment(Environment environment, Considered considered) {
    if (environment.state() == Environment.State.RETIRED) {
      add(Reason.Retired, "everything of it is withdrawn; delete the declaration when it is gone");
    }
    if (environment.suspend() != Suspend.NONE) {
      add(
          Reason.Suspended,
          environment.suspend() == Suspend.ALL
              ? "suspend: All: nothing is touched"
              : "suspend: State: only tokens are refreshed");
    }
    if (!considered.plan().frozen().isEmpty() && environment.driftMode() == DriftMode.DETECT_ONLY) {
      add(
          Reason.Drifted,
          considered.plan().frozen().size() + " change(s) found and left: driftMode: DetectOnly");
    }
    new TreeMap<>(considered.compiled().contestedScopes())
        .forEach((scope, owner) -> add(Reason.Contested, scope + " belongs to " + owner));
    if (!considered.compiled().superseded().isEmpty()) {
      add(
          Reason.Superseded,
          String.join(", ", considered.compiled().superseded())
              + ": another registry with the same address was added later");
    }
  }

  private void ofPlan(Plan plan) {
    if (!plan.held().isEmpty()) {
      add(
          Reason.WithdrawalHeld,
          "%d withdrawal(s) are held. To approve them, write `prune: {approve: \"%s\"}`"
              .formatted(plan.held().size(), plan.approval()));
    }
    for (Plan.Conflict conflict : plan.conflicts()) {
      add(
          conflict.contested() ? Reason.Contested : Reason.Conflict,
          conflict.id() + ": " + conflict.detail());
    }
    if (!plan.withheld().isEmpty()) {
      // One line for each cause: a denied path would otherwise fill the report with namespaces.
      plan.withheld().stream()
          .collect(
              Collectors.groupingBy(Plan.Withheld::reason, TreeMap::new, Collectors.counting()))
          .forEach(
              (reason, count) ->
                  add(Reason.CredentialWithheld, reason + " (" + count + " place(s))"));
      ofIncomplete(plan);
    }
  }

  private void ofIncomplete(Plan plan) {
    Set<ResourceId> created =
        plan.changes().stream()
            .filter(Change.Create.class::isInstance)
            .map(Change::id)
            .collect(Collectors.toSet());
    long incomplete =
        plan.withheld().stream()
            .filter(withheld -> withheld.field() == null || created.contains(withheld.id()))
            .map(Plan.Withheld::id)
            .distinct()
            .count();
    if (incomplete > 0) {
      add(Reason.Incomplete, incomplete + " resource(s) lack entries whose values are not known");
    }
  }

  private void ofResults(List<Result> results) {
    results.stream()
        .map(Result::failure)
        .flatMap(Optional::stream)
        .collect(
            Collectors.groupingBy(
                failure -> failure.reason() + ": " + failure.detail(),
                TreeMap::new,
                Collectors.toList()))
        .forEach(
            (cause, failures) ->
                add(
                    Reason.Failed,
                    "%s: %s (%d change(s))"
                        .formatted(failures.getFirst().resource(), cause, failures.size())));
  }

  private static String contended(ResourceId id, String writer) {
    return id
        + ": "
        + (writer.isEmpty() ? "another writer" : writer)
        + " reverts it; it is corrected at most every ten minutes until that ends";
  }

  private void add(Reason reason, String message) {
    conditions.add(new Condition(reason, message));
  }
}
