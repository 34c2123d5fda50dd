package dev.tidewaiter.cli;

import dev.tidewaiter.cli.RevisionDiff.Changed;
import dev.tidewaiter.cli.RevisionDiff.Difference;
import dev.tidewaiter.model.Visible;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/// What changes between two revisions, for people.
final class RevisionDiffText {
  private RevisionDiffText() {}

  static void print(RevisionDiff diff, PrintWriter out) {
    out.println(summary(diff));
    for (Changed changed : diff.environments()) {
      out.println(changed.environment() + ":");
      for (Difference difference : changed.differences()) {
        out.println("  " + Visible.of(line(difference) + " (" + difference.declared() + ")"));
        Risk risk = difference.risk();
        if (risk != null) {
          out.println("    ! " + risk.kind() + ": " + Visible.of(risk.detail()));
        }
      }
    }
  }

  static void printMarkdown(RevisionDiff diff, PrintWriter out) {
    out.println("**" + summary(diff) + "**");
    for (Changed changed : diff.environments()) {
      out.println();
      out.println("#### `" + changed.environment() + "`");
      out.println();
      out.println("| | what | before | after | risk |");
      out.println("|---|---|---|---|---|");
      for (Difference difference : changed.differences()) {
        Risk risk = difference.risk();
        out.printf(
            "| %s | `%s` | %s | %s | %s |%n",
            mark(difference),
            Output.cell(difference.title()),
            quoted(difference.before()),
            quoted(difference.after()),
            risk == null ? "" : ":warning: **" + risk.kind() + "**: " + Output.cell(risk.detail()));
      }
    }
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "" : "`" + Output.cell(value) + "`";
  }

  private static String line(Difference difference) {
    String line = mark(difference) + " " + difference.title();
    String before = difference.before();
    String after = difference.after();
    if (before == null && after == null) {
      return line;
    }
    String change =
        before == null || after == null
            ? String.valueOf(before == null ? after : before)
            : before + " -> " + after;
    return line + ": " + change;
  }

  private static String mark(Difference difference) {
    return switch (difference.change()) {
      case "Added" -> "+";
      case "Removed" -> "-";
      default -> "~";
    };
  }

  private static String summary(RevisionDiff diff) {
    String between = Output.brief(diff.from()) + " to " + Output.brief(diff.to()) + ": ";
    if (diff.environments().isEmpty()) {
      return between + "no difference in what environments declare";
    }
    long risks =
        diff.environments().stream()
            .flatMap(changed -> changed.differences().stream())
            .filter(difference -> difference.risk() != null)
            .count();
    long differences =
        diff.environments().stream().mapToLong(changed -> changed.differences().size()).sum();
    return between
        + Output.count(differences, "difference")
        + " in "
        + Output.count(diff.environments().size(), "environment")
        + (risks == 0 ? "" : ", " + Output.count(risks, "risk"));
  }
}
