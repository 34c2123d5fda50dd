package dev.tidewaiter.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.plan.PlanMarkdown;
import dev.tidewaiter.plan.PlanText;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.OneShotResult;
import dev.tidewaiter.reconcile.Reason;
import dev.tidewaiter.reconcile.Standing;
import dev.tidewaiter.reconcile.activation.Activation;
import dev.tidewaiter.serve.ActivationDocument;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `apply` did or `diff` found, as it is printed.
record OneShotOutput(OneShotResult result) implements Printable {
  private static final String NOTHING = "No environment in force concerns this daemon's targets.";

  /// @param attempted the newest revision; absent if none is known
  /// @param inForce the revision that was applied; absent if none is in force
  /// @param problems why the newest revision is not in force
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Document(
      @Nullable String attempted,
      @Nullable String inForce,
      List<ProblemReport.Entry> problems,
      List<String> conditions,
      List<Cycle> cycles) {}

  /// @param ready `Ready`, or the reason for what prevents it most
  /// @param failures what could not be carried out, and why
  /// @param activation what new denials would do to what runs; absent if there are none
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Cycle(
      String ready,
      List<String> conditions,
      int applied,
      List<String> failures,
      PlanDocument plan,
      @Nullable ActivationDocument activation) {}

  @Override
  public void printText(PrintWriter out) {
    Standing standing = result.round().standing();
    standing.problems().forEach(out::println);
    conditions(result).forEach(out::println);
    for (CycleReport report : result.reports()) {
      out.println(title(report));
      out.print(Output.indented(PlanText.of(report.plan())));
      activation(report).forEach(line -> out.println("  " + line));
      failures(report).forEach(failure -> out.println("  failed: " + Visible.of(failure)));
      report.conditions().forEach(condition -> out.println("  " + text(condition)));
      if (report.readiness().reason() == Reason.Ready) {
        out.println("  " + text(report.readiness()));
      }
    }
    if (result.reports().isEmpty()) {
      out.println(NOTHING);
    }
  }

  @Override
  public void printMarkdown(PrintWriter out) {
    conditions(result).forEach(condition -> out.println("- " + condition));
    result
        .round()
        .standing()
        .problems()
        .forEach(
            problem ->
                out.println(
                    "- "
                        + Output.code(problem.place().toString())
                        + " "
                        + Visible.of(problem.message())));
    for (CycleReport report : result.reports()) {
      out.println(PlanMarkdown.of(title(report), report.plan()));
      printActivation(report, out);
      failures(report).forEach(failure -> out.println("- failed: " + Visible.of(failure)));
      report.conditions().forEach(condition -> out.println("- " + Visible.of(text(condition))));
    }
    if (result.reports().isEmpty()) {
      out.println(NOTHING);
    }
  }

  // In a block, in visible lines, of which none starts with a fence: whoever makes a pod chooses
  // the
  // name of its image.
  private static void printActivation(CycleReport report, PrintWriter out) {
    List<String> lines = activation(report);
    if (!lines.isEmpty()) {
      out.println("<details open><summary>" + lines.getFirst() + "</summary>\n");
      out.println("```text");
      lines.stream().skip(1).forEach(out::println);
      out.println("```\n\n</details>\n");
    }
    Activation activation = report.activation();
    String approval = activation == null ? null : activation.approval();
    if (approval != null) {
      out.println("To deny them all the same, write under `spec` of the policy:\n");
      out.println("```yaml\nactivation: {approve: \"" + approval + "\"}\n```");
    }
  }

  private static List<String> activation(CycleReport report) {
    ActivationDocument activation = ActivationDocument.of(report.activation());
    return activation == null ? List.of() : activation.lines();
  }

  @Override
  public Document document() {
    Standing standing = result.round().standing();
    var inForce = standing.inForce();
    return new Document(
        text(standing.attempted()),
        inForce == null ? null : inForce.revision().id(),
        standing.problems().stream().map((Problem p) -> ProblemReport.Entry.of(p)).toList(),
        conditions(result),
        result.reports().stream().map(OneShotOutput::cycle).toList());
  }

  private static Cycle cycle(CycleReport report) {
    var subject = report.subject();
    return new Cycle(
        report.readiness().reason().name(),
        report.conditions().stream().map(OneShotOutput::text).toList(),
        report.counts().applied(),
        failures(report),
        PlanDocument.from(subject.environment(), subject.target(), report.plan()),
        ActivationDocument.of(report.activation()));
  }

  private static List<String> conditions(OneShotResult result) {
    var all = new ArrayList<String>();
    result.round().standing().conditions().forEach(condition -> all.add(text(condition)));
    result
        .targets()
        .forEach(
            target ->
                target
                    .conditions()
                    .forEach(condition -> all.add(target.target() + ": " + text(condition))));
    return all;
  }

  private static String title(CycleReport report) {
    return report.subject().environment() + " on " + report.subject().target();
  }

  private static List<String> failures(CycleReport report) {
    return report.failures().stream()
        .map(failure -> failure.resource() + ": " + failure.reason() + ": " + failure.detail())
        .toList();
  }

  private static String text(Condition condition) {
    return condition.reason() + ": " + condition.message();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
