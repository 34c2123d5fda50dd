package dev.tidewaiter.cli;

import dev.tidewaiter.model.Visible;
import dev.tidewaiter.plan.PlanText;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.serve.ActivationDocument;
import java.io.PrintWriter;

/// Tells a person at a terminal what each cycle planned and what came of it; silent about cycles in
/// which nothing happened.
final class Narration {
  private final PrintWriter out;

  Narration(PrintWriter out) {
    this.out = out;
  }

  /// Safe for use by many threads: one report is never torn by another.
  synchronized void tell(CycleReport report) {
    if (isQuiet(report)) {
      return;
    }
    out.println();
    out.printf(
        "%s on %s, revision %s (%s)%n",
        report.subject().environment(),
        report.subject().target(),
        report.revisions().lastAttempted().abbreviated(),
        report.trigger().cause());
    out.print(Output.indented(PlanText.of(report.plan())));
    ActivationDocument activation = ActivationDocument.of(report.activation());
    if (activation != null) {
      activation.lines().forEach(line -> out.println("  " + line));
    }
    report.failures().forEach(this::tellFailure);
    Condition readiness = report.readiness();
    out.printf(
        "  %s: %s (%d applied, %d unchanged, %d ms)%n",
        readiness.reason(),
        Visible.lines(readiness.message()),
        report.counts().applied(),
        report.counts().unchanged(),
        report.duration().toMillis());
    out.flush();
  }

  private static boolean isQuiet(CycleReport report) {
    var plan = report.plan();
    return plan.isEmpty()
        && report.results().isEmpty()
        && plan.held().isEmpty()
        && plan.denials().isEmpty()
        && !report.readiness().preventsReady();
  }

  private void tellFailure(CycleReport.Failure failure) {
    out.printf(
        "  failed: %s: %s: %s%n",
        Visible.of(failure.resource().toString()), failure.reason(), Visible.of(failure.detail()));
  }
}
