package dev.tidewaiter.cli;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.reconcile.RuntimeReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A runtime of a host for people: what it is, what it can, and what it cannot and why.
final class RuntimeText {
  private RuntimeText() {}

  /// Lines, indented below the host.
  static List<String> of(RuntimeReport report) {
    var lines = new ArrayList<String>();
    String version = report.version().isEmpty() ? "of unknown version" : report.version();
    lines.add("  runtime " + report.runtime() + " " + Visible.of(version));
    if (!report.can().isEmpty()) {
      lines.add("    can: " + words(report.can()));
    }
    var byReason = new LinkedHashMap<String, List<String>>();
    for (RuntimeReport.Lack lack : report.lacks()) {
      byReason.computeIfAbsent(lack.reason(), _ -> new ArrayList<>()).add(lack.capability());
    }
    byReason.forEach(
        (reason, names) -> lines.add("    cannot: " + words(names) + ": " + Visible.of(reason)));
    return lines;
  }

  private static String words(List<String> names) {
    return names.stream().map(RuntimeText::word).collect(Collectors.joining(", "));
  }

  // A daemon of another version may know more.
  private static String word(String name) {
    return Stream.of(Capability.values())
        .filter(capability -> RuntimeReport.name(capability).equals(name))
        .map(Capability::word)
        .findFirst()
        .orElse(Visible.of(name));
  }
}
