package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.Failed;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Carries changes of one scope out, one after the other, in the plan's order.
///
/// Only one cycle changes a scope at a time. A scope that does not answer, or whose quota is spent,
/// is given up for this cycle after a few attempts, and spared for a growing while; so is the rest
/// of its changes.
final class ScopeApplication {
  /// What a server may ask us to wait within a cycle; a longer wait is left to a later cycle.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final Target target;
  private final Setup setup;
  private final Semaphore permits;

  ScopeApplication(Target target, Setup setup) {
    this.target = target;
    this.setup = setup;
    // Fair, so that all scopes come on together: else the last few would be alone at the end.
    this.permits = new Semaphore(setup.concurrency(), true);
  }

  /// @param progress told of each answer
  List<Result> carryOut(
      Run run, List<Change> changes, Compiled.Payloads payloads, Application.Progress progress)
      throws InterruptedException {
    Scopes.Scope scope = run.memory().scopes.of(changes.getFirst().id().scope());
    if (!scope.lock.tryLock(setup.longestSilence().toNanos(), TimeUnit.NANOSECONDS)) {
      return unanswered(changes);
    }
    try {
      progress.answered();
      return carryOutLocked(run, scope, changes, payloads, progress);
    } finally {
      scope.lock.unlock();
      setup.audit().force();
    }
  }

  /// What becomes of changes in a scope that hangs.
  static List<Result> unanswered(List<Change> changes) {
    return all(
        changes,
        new Failed(FailureReason.Unavailable, "an earlier change there is not answered yet", null));
  }

  private static List<Result> all(List<Change> changes, Outcome outcome) {
    return changes.stream().map(change -> new Result(change, outcome)).toList();
  }

  private List<Result> carryOutLocked(
      Run run,
      Scopes.Scope scope,
      List<Change> changes,
      Compiled.Payloads payloads,
      Application.Progress progress)
      throws InterruptedException {
    if (scope.isNewerThan(run.stamp())) {
      return all(changes, overtaken(changes.getFirst(), scope));
    }
    Failed spared = scope.spared();
    if (spared != null) {
      return all(changes, spared);
    }
    var results = new ArrayList<Result>();
    var foundation = new Foundation();
    Failed givenUp = null;
    for (Change change : changes) {
      if (setup.stop().isRequested()) {
        break;
      }
      Outcome outcome = givenUp;
      if (outcome == null) {
        Failed waits = foundation.missing(change);
        outcome = waits == null ? attempt(run, change, payloads) : waits;
        givenUp = waits == null ? givesUp(outcome) : null;
      }
      progress.answered();
      var result = new Result(change, outcome);
      record(run, result);
      results.add(result);
      foundation.tried(result);
    }
    // Also if it was given up: what was tried last may have been carried out without an answer.
    scope.changed(run.stamp(), results);
    if (givenUp == null) {
      scope.recovered();
    } else {
      scope.failed(givenUp);
    }
    return results;
  }

  // What a newer cycle wrote must not be overwritten, and still less taken away. It withdrew
  // nothing itself, so the next whole one decides; and if it failed, nothing is done yet.
  private static Outcome overtaken(Change change, Scopes.Scope scope) {
    return change.isWithdrawal() || !scope.isComplete()
        ? new Failed(
            FailureReason.Unavailable, "a newer cycle has been here; the next one decides", null)
        : new Outcome.Unchanged("a newer cycle has been here");
  }

  private static @Nullable Failed givesUp(Outcome outcome) {
    return outcome instanceof Failed failed
            && (failed.reason() == FailureReason.Unavailable
                || failed.reason() == FailureReason.QuotaExceeded)
        ? failed
        : null;
  }

  private Outcome attempt(Run run, Change change, Compiled.Payloads payloads)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Outcome outcome = applyWithPermit(run, change, payloads);
      if (!(outcome instanceof Failed failed)
          || failed.reason() != FailureReason.Unavailable
          || attempt >= setup.retries().attempts()) {
        return outcome;
      }
      Duration pause = setup.retries().waitAfter(attempt, setup.random());
      Duration asked = failed.retryAfter();
      Duration wait = asked != null && asked.compareTo(pause) > 0 ? asked : pause;
      if (wait.compareTo(LONGEST_WAIT) > 0 || setup.stop().waitFor(wait)) {
        return outcome;
      }
    }
  }

  // The permit is held while a request is out, not while waiting, so that dead scopes take none.
  private Outcome applyWithPermit(Run run, Change change, Compiled.Payloads payloads)
      throws InterruptedException {
    permits.acquire();
    try {
      return target.apply(run.subject().environment(), change, payloads);
    } finally {
      permits.release();
    }
  }

  // At once: so that little of it is lost with the process, and so that this work does not pile up
  // when all scopes come to their ends.
  private void record(Run run, Result result) {
    if (result.outcome() instanceof Outcome.Applied) {
      Change change = result.change();
      Resource desired = run.desired().get(change.id());
      if (desired != null && !change.isWithdrawal()) {
        run.memory().fights.applied(desired);
      }
      setup.audit().append(setup.auditOf(run, change));
    }
    CycleLog.result(run, result);
  }
}
