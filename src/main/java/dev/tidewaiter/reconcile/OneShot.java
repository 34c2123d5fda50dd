package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.target.TargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One round and its cycles, and then the end: `apply` and `diff`.
public final class OneShot {
  private static final Logger LOG = LoggerFactory.getLogger(OneShot.class);

  private final Round round;
  private final Source source;
  private final List<ServedTarget> targets;
  private final Predicate<String> served;
  private final Setup setup;

  public OneShot(
      Round round,
      Source source,
      List<ServedTarget> targets,
      Predicate<String> served,
      Setup setup) {
    this.round = round;
    this.source = source;
    this.targets = List.copyOf(targets);
    this.served = served;
    this.setup = setup;
  }

  /// Applies what is declared now.
  public OneShotResult apply() {
    OneShotResult result =
        onAll(
            round.complete("apply"),
            (cycle, assignment) -> {
              Memory memory = new Memory(setup.clock(), setup.random());
              return cycle.reconcile(assignment, memory, Trigger.whole("apply"));
            });
    result.reports().forEach(report -> new CycleLog().ended(report));
    deliver(result);
    settle(result);
    return result;
  }

  /// Plans what would be applied now, and touches nothing.
  public OneShotResult preview() {
    return onAll(
        round.preview("diff"),
        (cycle, assignment) ->
            cycle.preview(assignment, new Memory(setup.clock(), setup.random())));
  }

  private OneShotResult onAll(RoundResult ended, Step step) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TargetStatus>> running =
          targets.stream()
              .map(target -> threads.submit(() -> onTarget(ended, target, step)))
              .toList();
      return new OneShotResult(ended, running.stream().map(OneShot::result).toList());
    }
  }

  private TargetStatus onTarget(RoundResult ended, ServedTarget target, Step step) {
    var conditions = new ArrayList<Condition>();
    Set<String> owning = Set.of();
    try {
      owning = target.target().environments();
    } catch (TargetException e) {
      conditions.add(new Condition(Reason.TargetUnavailable, String.valueOf(e.getMessage())));
    }
    var division = Assignment.divide(ended, target, served, owning);
    conditions.addAll(division.conditions());
    var cycle = new Cycle(target, setup);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CycleReport>> running =
          division.environments().stream()
              .map(assignment -> threads.submit(() -> step.run(cycle, assignment)))
              .toList();
      return new TargetStatus(
          target.name(), conditions, running.stream().map(OneShot::result).toList());
    }
  }

  private void deliver(OneShotResult result) {
    var deliveries = new Deliveries();
    deliveries.ended(result.round());
    deliveries
        .complete(pending -> delivers(result, pending.inUse().environments()))
        .forEach(round::delivered);
  }

  private static boolean delivers(OneShotResult result, Set<String> environments) {
    return result.targets().stream()
            .noneMatch(
                status -> status.has(Reason.TargetUnavailable) || status.has(Reason.Orphaned))
        && result.reports().stream()
            .allMatch(
                report ->
                    environments.contains(report.subject().environment())
                        ? report.delivers()
                        : report.leavesNothing());
  }

  private void settle(OneShotResult result) {
    InForce inForce = result.round().standing().inForce();
    boolean complete =
        result.targets().stream().noneMatch(status -> status.has(Reason.TargetUnavailable))
            && result.reports().stream().allMatch(CycleReport::settles);
    if (inForce == null || !complete) {
      return;
    }
    Revision revision = inForce.revision();
    try {
      source.settle(revision);
    } catch (SourceException e) {
      LOG.atWarn()
          .setMessage("revision not settled")
          .addKeyValue("revision", revision)
          .addKeyValue("detail", e.getMessage())
          .log();
    }
  }

  private static <T> T result(Future<T> running) {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("defect in a cycle", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cycles ran", e);
    }
  }

  private interface Step {
    CycleReport run(Cycle cycle, Assignment assignment);
  }
}
