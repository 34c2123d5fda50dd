package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All that happens on one target: it hands each environment's share of a round to its lane. A
/// target that does not answer blocks this loop and its lanes alone.
final class TargetLoop {
  private final ServedTarget target;
  private final Predicate<String> served;
  private final Setup setup;
  private final Consumer<CycleReport> reported;
  private final Cycle cycle;
  private final Worker<String> division;
  private final Map<String, Lane> lanes = new ConcurrentSkipListMap<>();
  private volatile @Nullable RoundResult newest;
  private volatile @Nullable Divided divided;

  TargetLoop(
      ServedTarget target, Predicate<String> served, Setup setup, Consumer<CycleReport> reported) {
    this.target = target;
    this.served = served;
    this.setup = setup;
    this.reported = reported;
    this.cycle = new Cycle(target, setup);
    this.division = new Worker<>("divide " + target.name(), Duration.ZERO, setup, this::divide);
  }

  /// Starts to watch.
  void start() {
    target.target().watch(this::noticed);
  }

  void ended(RoundResult round) {
    newest = round;
    division.submit(round.trigger());
  }

  void runAllBecause(String cause) {
    lanes.values().forEach(lane -> lane.runWholeBecause(cause));
  }

  /// Whether every environment on it carried everything out that a revision declares.
  boolean settles(Revision revision) {
    Divided last = divided;
    return last != null
        && last.unavailable == null
        && revision.equals(last.revision)
        && lanes.values().stream().allMatch(lane -> lane.settles(revision));
  }

  /// Whether all that a round delivers is there, in each of these environments that has anything to
  /// do on it, and what was there before is nowhere left, in whichever environment.
  boolean delivers(Set<String> environments, long round) {
    Divided last = divided;
    return last != null
        && last.unavailable == null
        && last.round >= round
        && last.orphaned.isEmpty()
        && lanes.entrySet().stream()
            .allMatch(
                lane ->
                    environments.contains(lane.getKey())
                        ? lane.getValue().delivers(round)
                        : lane.getValue().leavesNothing());
  }

  TargetStatus status() {
    Divided last = divided;
    var conditions = new ArrayList<Condition>();
    if (last == null) {
      conditions.add(new Condition(Reason.Reconciling, "no round has reached it yet"));
    } else {
      if (last.unavailable != null) {
        conditions.add(new Condition(Reason.TargetUnavailable, last.unavailable));
      }
      conditions.addAll(last.orphaned);
    }
    lanes.forEach(
        (environment, lane) -> {
          if (lane.lastWhole().isEmpty()) {
            conditions.add(
                new Condition(Reason.Reconciling, environment + " has had no cycle yet"));
          }
        });
    List<CycleReport> reports =
        lanes.values().stream().map(Lane::lastWhole).flatMap(Optional::stream).toList();
    return new TargetStatus(target.name(), conditions, reports);
  }

  boolean awaitIdle(long deadline) throws InterruptedException {
    boolean idle = division.awaitIdle(deadline);
    for (Lane lane : lanes.values()) {
      idle &= lane.awaitIdle(deadline);
    }
    return idle;
  }

  private void noticed(TargetEvent event) {
    lanes.values().forEach(lane -> lane.noticed(event));
  }

  private void divide(Set<String> causes) {
    RoundResult round = newest;
    if (round == null) {
      return;
    }
    Set<String> owning = Set.of();
    String unavailable = null;
    try {
      owning = target.target().environments();
    } catch (TargetException e) {
      unavailable = String.valueOf(e.getMessage());
    }
    var division = Assignment.divide(round, target, served, owning);
    String cause = String.join(", ", causes);
    lanes.keySet().removeIf(name -> division.environments().stream().noneMatch(named(name)));
    division.environments().forEach(this::lane);
    InForce inForce = round.standing().inForce();
    divided =
        new Divided(
            round.number(),
            inForce == null ? null : inForce.revision(),
            unavailable,
            division.conditions());
    // Not before: whoever hears of the end of a cycle asks whether everything is carried out.
    division.environments().forEach(assignment -> lane(assignment).assign(assignment, cause));
  }

  private static Predicate<Assignment> named(String name) {
    return assignment -> assignment.environment().name().equals(name);
  }

  private Lane lane(Assignment assignment) {
    return lanes.computeIfAbsent(
        assignment.environment().name(),
        _ -> new Lane(cycle, target.name(), assignment, setup, reported));
  }

  private record Divided(
      long round,
      @Nullable Revision revision,
      @Nullable String unavailable,
      List<Condition> orphaned) {}
}
