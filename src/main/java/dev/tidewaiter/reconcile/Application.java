package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.Phase;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/// Carries the changes of a plan out: stage by stage, and the scopes of a stage side by side.
///
/// A stage is a phase of additions, or of withdrawals, in the plan's order. The next one begins
/// when every scope has ended, but does not wait for one that hangs, which gave no answer for the
/// limit, however many changes it has: its changes then count as failed, and it is not entered
/// again before its last change has been answered.
final class Application {
  private final ScopeApplication scopes;
  private final Setup setup;

  Application(Target target, Setup setup) {
    this.scopes = new ScopeApplication(target, setup);
    this.setup = setup;
  }

  /// @return a result for each change, but those that a stop left for later
  List<Result> carryOut(Run run, List<Change> changes, Compiled.Payloads payloads) {
    var results = new ArrayList<Result>();
    var foundation = new Foundation();
    for (List<Change> stage : stages(changes)) {
      if (setup.stop().isRequested()) {
        break;
      }
      var now = new ArrayList<Change>();
      var waiting = new ArrayList<Result>();
      for (Change change : stage) {
        Outcome.Failed waits = foundation.missing(change);
        if (waits == null) {
          now.add(change);
        } else {
          waiting.add(new Result(change, waits));
        }
      }
      List<Result> tried = carryOutStage(run, now, payloads);
      tried.addAll(waiting);
      tried.forEach(foundation::tried);
      results.addAll(tried);
    }
    return results;
  }

  private static Collection<List<Change>> stages(List<Change> changes) {
    var stages = new LinkedHashMap<Stage, List<Change>>();
    for (Change change : changes) {
      var stage = new Stage(change.phase(), change.isWithdrawal());
      stages.computeIfAbsent(stage, _ -> new ArrayList<>()).add(change);
    }
    return stages.values();
  }

  private List<Result> carryOutStage(Run run, List<Change> stage, Compiled.Payloads payloads) {
    var byScope = new LinkedHashMap<String, List<Change>>();
    stage.forEach(
        change -> byScope.computeIfAbsent(change.id().scope(), _ -> new ArrayList<>()).add(change));
    var started = new ArrayList<Started>();
    byScope.forEach((scope, changes) -> started.add(start(run, scope, changes, payloads)));
    var results = new ArrayList<Result>();
    started.forEach(one -> results.addAll(resultOf(one)));
    return results;
  }

  private Started start(Run run, String scope, List<Change> changes, Compiled.Payloads payloads) {
    var progress = new Progress(setup.nanos());
    var task =
        new FutureTask<List<Result>>(() -> scopes.carryOut(run, changes, payloads, progress));
    Thread.ofVirtual().name(run.subject() + " " + scope).start(task);
    return new Started(scope, changes, task, progress);
  }

  private List<Result> resultOf(Started started) {
    try {
      while (true) {
        long left = setup.longestSilence().toNanos() - started.progress.silentFor();
        if (left <= 0 && !started.task.isDone()) {
          return ScopeApplication.unanswered(started.changes);
        }
        try {
          return started.task.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
          // It may have made progress meanwhile.
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "defect while a change was applied in " + started.scope, e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ScopeApplication.unanswered(started.changes);
    }
  }

  /// When a scope last gave an answer, or began.
  static final class Progress {
    private final LongSupplier nanos;
    private volatile long at;

    Progress(LongSupplier nanos) {
      this.nanos = nanos;
      this.at = nanos.getAsLong();
    }

    void answered() {
      at = nanos.getAsLong();
    }

    /// In nanoseconds.
    private long silentFor() {
      return nanos.getAsLong() - at;
    }
  }

  private record Started(
      String scope, List<Change> changes, FutureTask<List<Result>> task, Progress progress) {}

  private record Stage(Phase phase, boolean withdraws) {}
}
