package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.Phase;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Carries the changes of a plan out: stage by stage, and the scopes of a stage side by side.
///
/// A stage is a phase of additions, or of withdrawals, in the plan's order. The next one begins
/// when every scope has ended, but waits no longer than the limit for one that hangs: its changes
/// then count as failed, and it is not entered again before its last change has been answered.
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
    for (List<Change> stage : stages(changes)) {
      if (setup.stop().isRequested()) {
        break;
      }
      results.addAll(carryOutStage(run, stage, payloads));
    }
    return results;
  }

  private static Collection<List<Change>> stages(List<Change> changes) {
    var stages = new LinkedHashMap<Stage, List<Change>>();
    for (Change change : changes) {
      var stage = new Stage(change.id().kind().phase(), change.isWithdrawal());
      stages.computeIfAbsent(stage, _ -> new ArrayList<>()).add(change);
    }
    return stages.values();
  }

  private List<Result> carryOutStage(Run run, List<Change> stage, Compiled.Payloads payloads) {
    var byScope = new LinkedHashMap<String, List<Change>>();
    stage.forEach(
        change -> byScope.computeIfAbsent(change.id().scope(), _ -> new ArrayList<>()).add(change));
    var tasks = new LinkedHashMap<String, FutureTask<List<Result>>>();
    byScope.forEach(
        (scope, changes) ->
            tasks.put(scope, new FutureTask<>(() -> scopes.carryOut(run, changes, payloads))));
    tasks.forEach(
        (scope, task) -> Thread.ofVirtual().name(run.subject() + " " + scope).start(task));
    long endsAt = setup.nanos().getAsLong() + setup.longestStage().toNanos();
    var results = new ArrayList<Result>();
    byScope.forEach((scope, changes) -> results.addAll(resultOf(tasks, scope, changes, endsAt)));
    return results;
  }

  private List<Result> resultOf(
      Map<String, FutureTask<List<Result>>> tasks,
      String scope,
      List<Change> changes,
      long endsAt) {
    try {
      FutureTask<List<Result>> task = tasks.get(scope);
      if (task == null) {
        throw new IllegalStateException("no task for scope " + scope);
      }
      return task.get(Math.max(0, endsAt - setup.nanos().getAsLong()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return ScopeApplication.unanswered(changes);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "defect while a change was applied in " + scope, e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ScopeApplication.unanswered(changes);
    }
  }

  private record Stage(Phase phase, boolean withdraws) {}
}
