package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.target.TargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The report of a cycle that has begun; each way in which one can end completes it.
final class ReportDraft {
  private static final Logger LOG = LoggerFactory.getLogger(ReportDraft.class);

  private final Subject subject;
  private final Assignment assignment;
  private final Memory memory;
  private final Trigger trigger;
  private final Setup setup;
  private final Instant startedAt;
  private final String cycle;

  ReportDraft(Subject subject, Assignment assignment, Memory memory, Trigger trigger, Setup setup) {
    this.subject = subject;
    this.assignment = assignment;
    this.memory = memory;
    this.trigger = trigger;
    this.setup = setup;
    this.startedAt = setup.clock().instant();
    this.cycle = HexFormat.of().toHexDigits(setup.random().nextInt());
  }

  Run run(long stamp, Map<ResourceId, Resource> desired) {
    return new Run(
        cycle, subject, trigger, assignment.inForce().revision(), memory, stamp, desired);
  }

  CycleReport applied(Considered considered, List<Result> results) {
    Revision revision = assignment.inForce().revision();
    int left = considered.plan().changes().size() - results.size();
    var conditions = new ArrayList<>(Conditions.of(assignment.environment(), considered, results));
    if (left > 0) {
      conditions.add(new Condition(Reason.Reconciling, left + " change(s) left by a stop"));
    }
    setup.audit().condition().ifPresent(conditions::add);
    if (trigger.isWhole() && CycleReport.carriedOut(considered.plan(), results)) {
      memory.applied(revision);
    }
    return report(considered, results, conditions);
  }

  CycleReport previewed(Considered considered) {
    return report(
        considered, List.of(), Conditions.of(assignment.environment(), considered, List.of()));
  }

  CycleReport unobserved(TargetException failure) {
    return ended(
        new Condition(Reason.TargetUnavailable, subject.target() + ": " + failure.getMessage()));
  }

  CycleReport defect(RuntimeException defect) {
    DefectLog.of(LOG, defect)
        .addKeyValue("cycle", cycle)
        .addKeyValue("environment", subject.environment())
        .addKeyValue("target", subject.target())
        .log();
    return ended(
        new Condition(
            Reason.InternalError,
            "a defect of Tidewaiter ended the cycle; its log says where (cycle " + cycle + ")"));
  }

  // Before there was a plan.
  private CycleReport ended(Condition why) {
    return new CycleReport(
        cycle,
        subject,
        trigger,
        revisions(),
        List.of(),
        CycleReport.NO_PLAN,
        null,
        List.of(),
        List.of(why),
        timing());
  }

  private CycleReport report(
      Considered considered, List<Result> results, List<Condition> conditions) {
    return new CycleReport(
        cycle,
        subject,
        trigger,
        revisions(),
        considered.runtimes(),
        considered.plan(),
        considered.activation(),
        results,
        conditions,
        timing());
  }

  private CycleReport.Revisions revisions() {
    return new CycleReport.Revisions(assignment.inForce().revision(), memory.lastApplied());
  }

  private CycleReport.Timing timing() {
    return new CycleReport.Timing(startedAt, Duration.between(startedAt, setup.clock().instant()));
  }
}
