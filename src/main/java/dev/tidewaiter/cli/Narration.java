package dev.tidewaiter.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.plan.PlanText;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.Subject;
import dev.tidewaiter.serve.ActivationDocument;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells a person at a terminal what each cycle planned and what came of it; silent about cycles in
/// which nothing happened, and that found what was told already.
final class Narration {
  private final PrintWriter out;

  /// Apart for whole cycles and for limited ones, which see less.
  @GuardedBy("this")
  private final Map<About, Told> told = new HashMap<>();

  private record About(Subject subject, boolean whole) {}

  /// @param body what was said but for numbers that differ in every cycle
  private record Told(String body, boolean ready) {}

  Narration(PrintWriter out) {
    this.out = out;
  }

  /// Safe for use by many threads: one report is never torn by another.
  synchronized void tell(CycleReport report) {
    var about = new About(report.subject(), report.trigger().isWhole());
    var news = new Told(body(report), !report.readiness().preventsReady());
    if (!isWorthTelling(report, told.put(about, news), news)) {
      return;
    }
    out.println();
    out.printf(
        "%s on %s, revision %s (%s)%n",
        report.subject().environment(),
        report.subject().target(),
        report.revisions().lastAttempted().abbreviated(),
        report.trigger().cause());
    out.print(news.body());
    out.printf(
        " (%d applied, %d unchanged, %d ms)%n",
        report.counts().applied(), report.counts().unchanged(), report.duration().toMillis());
    out.flush();
  }

  private static boolean isWorthTelling(CycleReport report, @Nullable Told before, Told news) {
    if (report.counts().applied() > 0) {
      return true;
    }
    boolean wasReady = before == null || before.ready();
    return !news.equals(before) && !(wasReady && isQuiet(report));
  }

  private static String body(CycleReport report) {
    var text = new StringWriter();
    var lines = new PrintWriter(text);
    lines.print(Output.indented(PlanText.of(report.plan())));
    ActivationDocument activation = ActivationDocument.of(report.activation());
    if (activation != null) {
      activation.lines().forEach(line -> lines.println("  " + line));
    }
    report.failures().forEach(failure -> lines.println("  " + failed(failure)));
    Condition readiness = report.readiness();
    lines.print("  " + readiness.reason() + ": " + Visible.lines(readiness.message()));
    lines.flush();
    return text.toString();
  }

  private static boolean isQuiet(CycleReport report) {
    var plan = report.plan();
    return plan.isEmpty()
        && report.results().isEmpty()
        && plan.held().isEmpty()
        && plan.denials().isEmpty()
        && !report.readiness().preventsReady();
  }

  private static String failed(CycleReport.Failure failure) {
    return "failed: %s: %s: %s"
        .formatted(
            Visible.of(failure.resource().toString()),
            failure.reason(),
            Visible.of(failure.detail()));
  }
}
