package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.target.TargetEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All cycles of one environment on one target: whole ones one after the other, and beside them
/// limited ones for the scopes in which something happened, so that a new namespace does not wait
/// behind the application of thousands.
final class Lane {
  private static final Duration DEBOUNCE = Duration.ofMillis(150);

  private final Cycle cycle;
  private final Subject subject;
  private final Memory memory;
  private final Setup setup;
  private final Consumer<CycleReport> reported;
  private final Worker<String> whole;
  private final Worker<TargetEvent> limited;
  private final CycleLog log = new CycleLog();
  private volatile Assignment newest;
  private volatile @Nullable Ended lastWhole;

  /// @param round the number of the round it worked with
  private record Ended(long round, CycleReport report) {}

  Lane(Cycle cycle, String target, Assignment first, Setup setup, Consumer<CycleReport> reported) {
    this.cycle = cycle;
    this.subject = new Subject(first.environment().name(), target);
    this.memory = new Memory(setup.clock(), setup.random());
    this.setup = setup;
    this.reported = reported;
    this.newest = first;
    this.whole = new Worker<>("cycle " + subject, Duration.ZERO, setup, this::runWhole);
    this.limited = new Worker<>("events " + subject, DEBOUNCE, setup, this::runLimited);
  }

  /// A round handed the environment over again.
  void assign(Assignment assignment, String cause) {
    newest = assignment;
    whole.submit(cause);
  }

  void runWholeBecause(String cause) {
    whole.submit(cause);
  }

  void noticed(TargetEvent event) {
    memory.policies.noticed();
    limited.submit(event);
  }

  /// The report of the last cycle over the whole target.
  Optional<CycleReport> lastWhole() {
    return Optional.ofNullable(lastWhole).map(Ended::report);
  }

  boolean settles(Revision revision) {
    return lastWhole()
        .filter(CycleReport::settles)
        .filter(last -> last.revisions().lastAttempted().equals(revision))
        .isPresent();
  }

  /// Whether all that a round delivers is there.
  boolean delivers(long round) {
    Ended last = lastWhole;
    return last != null && last.round() >= round && last.report().delivers();
  }

  /// Whether its last whole cycle left nothing that may hold what was delivered before.
  boolean leavesNothing() {
    Ended last = lastWhole;
    return last != null && last.report().leavesNothing();
  }

  boolean awaitIdle(long deadline) throws InterruptedException {
    return whole.awaitIdle(deadline) && limited.awaitIdle(deadline);
  }

  private void runWhole(Set<String> causes) {
    Assignment assignment = newest;
    CycleReport report = runGuarded(assignment, Trigger.whole(String.join(", ", causes)));
    lastWhole = new Ended(assignment.round().number(), report);
    reported.accept(report);
  }

  private void runLimited(Set<TargetEvent> events) {
    var scopes = events.stream().map(TargetEvent::scope).collect(Collectors.toSet());
    var causes = events.stream().map(TargetEvent::reason).collect(Collectors.toSet());
    var trigger = new Trigger(String.join(", ", new TreeSet<>(causes)), scopes);
    CycleReport report = runGuarded(newest, trigger);
    reported.accept(report);
    if (report.has(Reason.Reconciling) || Proving.isDueAfter(report)) {
      whole.submit(report.trigger().cause());
    }
  }

  private CycleReport runGuarded(Assignment assignment, Trigger trigger) {
    CycleReport report;
    try {
      report = cycle.reconcile(assignment, memory, trigger);
    } catch (RuntimeException e) {
      report = new ReportDraft(subject, assignment, memory, trigger, setup).defect(e);
    }
    log.ended(report);
    return report;
  }
}
