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
    lines.add("  " + name(report.runtime(), report.version()));
    if (!report.can().isEmpty()) {
      lines.add("    can: " + words(report.can()));
    }
    lacking(report.lacks()).forEach(line -> lines.add("    " + line));
    return lines;
  }

  /// One line for each reason.
  static List<String> lacking(List<RuntimeReport.Lack> lacks) {
    var byReason = new LinkedHashMap<String, List<String>>();
    for (RuntimeReport.Lack lack : lacks) {
      byReason.computeIfAbsent(lack.reason(), _ -> new ArrayList<>()).add(lack.capability());
    }
    return byReason.entrySet().stream()
        .map(entry -> "cannot: " + words(entry.getValue()) + ": " + Visible.of(entry.getKey()))
        .toList();
  }

  /// @param version empty if it could not be asked
  static String name(String runtime, String version) {
    return Visible.of(
        version.isEmpty() ? runtime + ", which was not asked" : runtime + " " + version);
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
