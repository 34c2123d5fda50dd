package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The daemon's loop: one round at a time, and after each the cycles of every target, which run on
/// their own. A defect in a round, or between two, is caught here and reported; the process stays
/// up.
public final class ReconcileLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);
  private static final String SETTLE = "";
  private static final String LATE = "late answer";

  /// How long after a late answer its round begins, so that many of them become one.
  private static final Duration GATHERING = Duration.ofMillis(500);

  private static final Condition DEFECT =
      new Condition(
          Reason.InternalError, "a defect of Tidewaiter ended a round; its log says where");

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration FAR = Duration.ofDays(1);

  private final Round round;
  private final Source source;
  private final Setup setup;
  private final Schedule schedule;
  private final List<TargetLoop> targets;
  private final List<Condition> standingConditions;
  private final Deliveries deliveries = new Deliveries();
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().name("rounds").daemon().unstarted(this::run);
  private volatile @Nullable RoundResult newest;
  private volatile @Nullable Instant nextRoundAt;
  private volatile @Nullable Condition defect;
  private volatile long progressedAt;

  /// @param served which environments this daemon serves, by name
  /// @param standingConditions true as long as the process runs, such as `SecretsUnbound`
  /// @param reported called after every cycle, also limited ones; must return soon
  public ReconcileLoop(
      Round round,
      Source source,
      List<ServedTarget> targets,
      Predicate<String> served,
      Setup setup,
      Schedule schedule,
      List<Condition> standingConditions,
      Consumer<CycleReport> reported) {
    this.round = round;
    this.source = source;
    this.setup = setup;
    this.schedule = schedule;
    this.progressedAt = setup.nanos().getAsLong();
    this.standingConditions = List.copyOf(standingConditions);
    Consumer<CycleReport> settling =
        report -> {
          reported.accept(report);
          if (report.settles() || report.delivers()) {
            request(SETTLE);
          }
        };
    this.targets =
        targets.stream()
            .sorted(Comparator.comparing(ServedTarget::name))
            .map(target -> new TargetLoop(target, served, setup, settling))
            .toList();
    round.whenLate(() -> request(LATE));
  }

  public void start() {
    targets.forEach(TargetLoop::start);
    thread.start();
  }

  /// Asks for a round now: a webhook, a due date, a person.
  ///
  /// @param cause for the log, not empty
  public void requestRound(String cause) {
    request(cause);
  }

  // What is asked for already need not be asked for twice.
  private void request(String what) {
    if (!requests.contains(what)) {
      requests.add(what);
    }
  }

  /// Whether a stop was requested.
  boolean isStopping() {
    return setup.stop().isRequested();
  }

  /// Whether a round began or ended, or the loop waited for the next one, within the time given.
  public boolean hasProgressedWithin(Duration time) {
    return setup.nanos().getAsLong() - progressedAt < time.toNanos();
  }

  public DaemonStatus status() {
    RoundResult last = newest;
    Condition broken = defect;
    var conditions = new ArrayList<Condition>();
    if (broken != null) {
      conditions.add(broken);
    }
    if (last != null) {
      conditions.addAll(last.standing().conditions());
    }
    setup.audit().condition().ifPresent(conditions::add);
    conditions.addAll(standingConditions);
    return new DaemonStatus(
        setup.instance(),
        last,
        conditions,
        nextRoundAt,
        targets.stream().map(TargetLoop::status).toList());
  }

  /// Stops: changes in flight end, no other begins; waits for them at most the schedule's patience.
  @Override
  public void close() {
    setup.stop().request();
    request(SETTLE);
    long deadline = setup.nanos().getAsLong() + schedule.patience().toNanos();
    try {
      boolean idle = true;
      for (TargetLoop target : targets) {
        idle &= target.awaitIdle(deadline);
      }
      if (thread.isAlive()) {
        thread.join(Duration.ofNanos(Math.max(1, deadline - setup.nanos().getAsLong())));
      }
      LOG.atInfo().setMessage("stopped").addKeyValue("complete", idle && !thread.isAlive()).log();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    String cause = "start";
    while (!setup.stop().isRequested()) {
      try {
        runRound(cause);
        cause = awaitNext();
      } catch (RuntimeException | Error e) {
        broken(e, cause);
        cause = "defect";
        next(SOON.toNanos());
      }
    }
    settle();
  }

  private void runRound(String cause) {
    progressedAt = setup.nanos().getAsLong();
    try {
      RoundResult ended = round.run(newest, cause);
      log(ended);
      newest = ended;
      defect = null;
      deliveries.ended(ended);
      targets.forEach(target -> target.ended(ended));
    } catch (RuntimeException | Error e) {
      broken(e, cause);
    }
    progressedAt = setup.nanos().getAsLong();
  }

  // If memory is what lacks, it may lack for the log too.
  private void broken(Throwable thrown, String cause) {
    defect = DEFECT;
    try {
      DefectLog.of(LOG, thrown).addKeyValue("trigger", cause).log();
    } catch (RuntimeException | Error _) {
      // The condition says it.
    }
  }

  // Until the next round is due or asked for; in between, revisions are settled and cycles
  // resynced.
  private String awaitNext() {
    long interval = setup.nanos().getAsLong() + interval().toNanos();
    long dueDate = dueDate();
    long due = dueDate - interval < 0 ? dueDate : interval;
    String cause = due == interval ? "interval" : "due date";
    nextRoundAt = setup.clock().instant().plusNanos(due - setup.nanos().getAsLong());
    long resync = setup.nanos().getAsLong() + schedule.resync().toNanos();
    while (!setup.stop().isRequested()) {
      long now = setup.nanos().getAsLong();
      progressedAt = now;
      if (now >= due) {
        return cause;
      }
      if (now >= resync) {
        targets.forEach(target -> target.runAllBecause("resync"));
        resync = now + schedule.resync().toNanos();
      }
      String request = next(Math.min(due, resync) - now);
      if (SETTLE.equals(request)) {
        settle();
      } else if (LATE.equals(request)) {
        long gathered = now + GATHERING.toNanos();
        cause = gathered - due < 0 ? LATE : cause;
        due = gathered - due < 0 ? gathered : due;
      } else if (request != null) {
        return request;
      }
    }
    return "stop";
  }

  private @Nullable String next(long nanos) {
    try {
      return requests.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      setup.stop().request();
      return null;
    }
  }

  private Duration interval() {
    long full = schedule.interval().toNanos();
    return Duration.ofNanos(full - setup.random().nextLong(full / 10 + 1));
  }

  // Of a credential: a refresh, a question, an end. Not at once, even if the clock was moved.
  private long dueDate() {
    RoundResult last = newest;
    Instant dueAt = last == null ? null : last.registries().dueAt();
    Duration wait = dueAt == null ? FAR : Duration.between(setup.clock().instant(), dueAt);
    Duration bounded = wait.compareTo(FAR) > 0 ? FAR : wait.compareTo(SOON) < 0 ? SOON : wait;
    return setup.nanos().getAsLong() + bounded.toNanos();
  }

  // A defect in it must not keep the next round from being awaited.
  private void settle() {
    try {
      settleAll();
    } catch (RuntimeException | Error e) {
      broken(e, "settle");
    }
  }

  private void settleAll() {
    deliveries
        .complete(
            waiting ->
                targets.stream()
                    .allMatch(
                        target -> target.delivers(waiting.inUse().environments(), waiting.since())))
        .forEach(round::delivered);
    RoundResult last = newest;
    InForce inForce = last == null ? null : last.standing().inForce();
    if (inForce == null
        || !targets.stream().allMatch(target -> target.settles(inForce.revision()))) {
      return;
    }
    settle(inForce.revision());
  }

  private void settle(Revision revision) {
    try {
      if (!revision.equals(source.settled())) {
        source.settle(revision);
      }
    } catch (SourceException e) {
      LOG.atWarn()
          .setMessage("revision not settled")
          .addKeyValue("revision", revision)
          .addKeyValue("detail", e.getMessage())
          .log();
    }
  }

  private void log(RoundResult ended) {
    Standing standing = ended.standing();
    InForce inForce = standing.inForce();
    var before = newest;
    boolean quiet = before != null && before.standing().equals(standing);
    LOG.atLevel(quiet ? Level.DEBUG : Level.INFO)
        .setMessage("round ended")
        .addKeyValue("round", ended.number())
        .addKeyValue("trigger", ended.trigger())
        .addKeyValue("attempted", standing.attempted())
        .addKeyValue("inForce", inForce == null ? "none" : inForce.revision())
        .addKeyValue("conditions", standing.conditions())
        .log();
  }
}
