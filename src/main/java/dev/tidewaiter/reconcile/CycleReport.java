package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.reconcile.activation.Activation;
import dev.tidewaiter.target.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one cycle came to.
///
/// @param cycle its id, which its log lines carry
/// @param runtimes of a host, and what they can; empty for a cluster, and if they could not be
///   asked
/// @param plan empty if nothing could be planned; a condition then says why
/// @param activation what became of new denials; null if there are none
/// @param results one for each change that was tried; of a preview none
/// @param conditions all but `Ready`
public record CycleReport(
    String cycle,
    Subject subject,
    Trigger trigger,
    Revisions revisions,
    List<RuntimeReport> runtimes,
    Plan plan,
    @Nullable Activation activation,
    List<Result> results,
    List<Condition> conditions,
    Timing timing) {
  static final Plan NO_PLAN =
      new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null);

  public CycleReport {
    runtimes = List.copyOf(runtimes);
    results = List.copyOf(results);
    conditions = List.copyOf(conditions);
  }

  /// @param lastApplied the newest of which every change was carried out; null if none was in this
  ///   process
  public record Revisions(Revision lastAttempted, @Nullable Revision lastApplied) {}

  public record Timing(Instant startedAt, Duration duration) {}

  /// A change that could not be carried out.
  ///
  /// @param reason one word in PascalCase
  /// @param detail one sentence for people
  public record Failure(ResourceId resource, String reason, String detail) {}

  /// How many resources; for changes, how many changes.
  ///
  /// @param held withdrawals and denials
  public record Counts(
      int applied, int unchanged, int failed, int withheld, int held, int conflicts, int frozen) {}

  /// `Ready`, or what prevents it most.
  public Condition readiness() {
    return Condition.readiness(conditions);
  }

  public boolean has(Reason reason) {
    return conditions.stream().anyMatch(condition -> condition.reason() == reason);
  }

  public Duration duration() {
    return timing.duration();
  }

  /// Changes that could not be carried out, in the order of the plan.
  public List<Failure> failures() {
    return results.stream().map(Result::failure).flatMap(Optional::stream).toList();
  }

  public Counts counts() {
    int applied =
        (int) results.stream().filter(r -> r.outcome() instanceof Outcome.Applied).count();
    return new Counts(
        applied,
        plan.unchanged().size(),
        failures().size(),
        plan.withheld().size(),
        plan.held().size() + plan.denials().size(),
        plan.conflicts().size(),
        plan.frozen().size());
  }

  /// Whether everything was carried out, withdrawals included: none held, none frozen, none failed,
  /// none left.
  boolean settles() {
    return trigger.isWhole()
        && carriedOut(plan, results)
        && plan.frozen().stream().noneMatch(Change::isWithdrawal)
        && !has(Reason.PoliciesUnknown)
        && isUnbroken();
  }

  /// Whether every value that is delivered is there, and no older one stays anywhere.
  boolean delivers() {
    return trigger.isWhole()
        && carriedOut(plan, results)
        && leavesNothing()
        && !has(Reason.Contended)
        && isUnbroken();
  }

  /// Whether nothing was left that may still hold what was delivered before: a withdrawal that
  /// waits for approval, a Secret that looks like somebody else's or may not be looked at, what is
  /// frozen or contested.
  boolean leavesNothing() {
    return plan.held().isEmpty()
        && plan.conflicts().isEmpty()
        && plan.frozen().isEmpty()
        && !has(Reason.Contested)
        && !has(Reason.AccessDenied)
        && !has(Reason.RuntimeUnknown);
  }

  private boolean isUnbroken() {
    return !has(Reason.TargetUnavailable)
        && !has(Reason.AccessDenied)
        && !has(Reason.RuntimeUnknown)
        && !has(Reason.InternalError);
  }

  /// Whether every change was tried and done, and none is held.
  static boolean carriedOut(Plan plan, List<Result> results) {
    return plan.held().isEmpty()
        && plan.denials().isEmpty()
        && results.size() == plan.changes().size()
        && results.stream().allMatch(Result::isDone);
  }
}
