package dev.tidewaiter.cli;

import dev.tidewaiter.cli.impact.Affected;
import dev.tidewaiter.cli.impact.Affected.Activation;
import dev.tidewaiter.cli.impact.Affected.Entry;
import dev.tidewaiter.model.Visible;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a change does to what runs, for people.
final class ImpactText {
  private static final List<String> EFFECTS =
      List.of("Denied", "Unenforced", "Warned", "Audited", "Moved", "Stripped");

  private ImpactText() {}

  static void print(ImpactDocument document, PrintWriter out) {
    out.println(summary(document));
    document.warnings().forEach(warning -> out.println("warning: " + Visible.of(warning)));
    for (Affected affected : document.environments()) {
      out.println(affected.environment() + " on cluster/" + affected.cluster() + ":");
      affected.unsupported().forEach(what -> out.println("  unsupported: " + Visible.of(what)));
      lines(affected).forEach(line -> out.println("  " + Visible.of(line)));
      affected.findings().stream()
          .sorted((a, b) -> EFFECTS.indexOf(a.effect()) - EFFECTS.indexOf(b.effect()))
          .forEach(
              entry -> {
                String named = Visible.of(who(entry) + ": " + entry.image());
                out.println("  %-8s %s".formatted(word(entry), named));
                String detail = Visible.of(entry.detail().strip());
                if (!detail.isEmpty()) {
                  out.println("    " + detail);
                }
              });
    }
  }

  static void printMarkdown(ImpactDocument document, PrintWriter out) {
    out.println("**" + summary(document) + "**");
    document.warnings().forEach(warning -> out.println("\n:warning: " + Visible.of(warning)));
    for (Affected affected : document.environments()) {
      out.println();
      out.println("#### `" + affected.environment() + "` on `cluster/" + affected.cluster() + "`");
      affected
          .unsupported()
          .forEach(what -> out.println("\n:warning: unsupported: " + Visible.of(what)));
      List<String> activation = lines(affected);
      if (!activation.isEmpty()) {
        out.println();
        out.println("```text");
        activation.forEach(line -> out.println(Visible.of(line)));
        out.println("```");
      }
      printTable(affected.findings(), out);
    }
  }

  private static void printTable(List<Entry> entries, PrintWriter out) {
    if (entries.isEmpty()) {
      return;
    }
    out.println();
    out.println("| | workload | image | |");
    out.println("|---|---|---|---|");
    entries.stream()
        .sorted((a, b) -> EFFECTS.indexOf(a.effect()) - EFFECTS.indexOf(b.effect()))
        .forEach(
            entry ->
                out.printf(
                    "| %s | `%s` | `%s` | %s |%n",
                    word(entry),
                    Output.cell(who(entry)),
                    Output.cell(entry.image()),
                    Output.cell(entry.detail().strip())));
  }

  private static List<String> lines(Affected affected) {
    Activation activation = affected.activation();
    if (affected.frozen() == null) {
      return activation == null ? List.of() : lines(activation, "activated at once");
    }
    String frozen = "frozen: nothing of it is carried out while `" + affected.frozen() + "`";
    return activation == null
        ? List.of(frozen)
        : Stream.concat(Stream.of(frozen), lines(activation, "activated when that ends").stream())
            .toList();
  }

  private static List<String> lines(Activation activation, String activated) {
    String denied = Output.count(activation.denied(), "workload") + " would be denied";
    if (!activation.held()) {
      return List.of(activated + ": " + denied + ", which is allowed");
    }
    if (!activation.critical().isEmpty()) {
      return List.of(
          "held, and cannot be approved: "
              + String.join(", ", activation.critical())
              + " of the system would be denied");
    }
    String held = "held until approved: " + denied + ", and maxDenied is " + activation.maxDenied();
    return activation.approve() == null
        ? List.of(held, "  to approve, let the environment name a RegistryPolicy with `activation`")
        : List.of(
            held,
            "  to approve, write into RegistryPolicy "
                + activation.policy()
                + " under `activation`: approve: \""
                + activation.approve()
                + "\"");
  }

  private static String word(Entry entry) {
    return entry.effect().toLowerCase(Locale.ROOT);
  }

  private static String who(Entry entry) {
    return entry.workload() + (entry.critical() ? " (critical)" : "");
  }

  private static String summary(ImpactDocument document) {
    List<Entry> entries =
        document.environments().stream().flatMap(one -> one.findings().stream()).toList();
    String looked =
        Output.brief(document.from())
            + " to "
            + Output.brief(document.to())
            + ": "
            + Output.count(document.workloads(), "workload")
            + " as of "
            + document.takenAt();
    if (entries.isEmpty()) {
      return looked + ", none of them affected";
    }
    return looked
        + ", "
        + EFFECTS.stream()
            .filter(effect -> count(entries, effect) > 0)
            .map(effect -> count(entries, effect) + " " + effect.toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
  }

  private static long count(List<Entry> entries, String effect) {
    return entries.stream()
        .filter(entry -> entry.effect().equals(effect))
        .map(Entry::workload)
        .distinct()
        .count();
  }
}
