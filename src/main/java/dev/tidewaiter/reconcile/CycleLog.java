package dev.tidewaiter.reconcile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.target.Outcome;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// The log lines of the cycles of one environment on one target: one for each change and one for
/// the end, each with the cycle's id.
final class CycleLog {
  private static final Logger LOG = LoggerFactory.getLogger(CycleLog.class);

  /// What the newest line at INFO said, with what limited cycles added to it.
  @GuardedBy("this")
  private Set<Condition> told = Set.of();

  static void result(Run run, Result result) {
    LoggingEventBuilder line =
        switch (result.outcome()) {
          case Outcome.Applied() -> of(Level.INFO, run).setMessage("change applied");
          case Outcome.Unchanged(String reason) ->
              of(Level.DEBUG, run).setMessage("change unnecessary").addKeyValue("reason", reason);
          case Outcome.Failed failed ->
              of(Level.WARN, run)
                  .setMessage("change failed")
                  .addKeyValue("reason", failed.reason())
                  .addKeyValue("detail", failed.detail());
        };
    line.addKeyValue("operation", AuditRecord.operation(result.change()))
        .addKeyValue("resource", result.change().id())
        .addKeyValue("fields", AuditRecord.fields(result.change()))
        .log();
  }

  /// At INFO, but at DEBUG for a cycle that found nothing to do and nothing that was not told of
  /// the one before.
  synchronized void ended(CycleReport report) {
    boolean quiet = !isNews(report) && report.results().isEmpty();
    LOG.atLevel(quiet ? Level.DEBUG : Level.INFO)
        .setMessage("cycle ended")
        .addKeyValue("cycle", report.cycle())
        .addKeyValue("environment", report.subject().environment())
        .addKeyValue("target", report.subject().target())
        .addKeyValue("trigger", report.trigger().cause())
        .addKeyValue("revision", report.revisions().lastAttempted())
        .addKeyValue("applied", report.counts().applied())
        .addKeyValue("failed", report.counts().failed())
        .addKeyValue("ready", report.readiness().reason())
        .addKeyValue("message", report.readiness().message())
        .addKeyValue("duration", report.duration())
        .log();
  }

  // A limited cycle does not see all that is true: what it does not find may be so all the same.
  @GuardedBy("this")
  private boolean isNews(CycleReport report) {
    var all = new HashSet<>(report.conditions());
    if (!report.trigger().isWhole()) {
      all.addAll(told);
    }
    boolean news = !all.equals(told);
    told = all;
    return news;
  }

  private static LoggingEventBuilder of(Level level, Run run) {
    return LOG.atLevel(level)
        .addKeyValue("cycle", run.cycle())
        .addKeyValue("environment", run.subject().environment())
        .addKeyValue("target", run.subject().target())
        .addKeyValue("revision", run.revision());
  }
}
