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
  /// Of the system and of no runtime, so that each of them lacks it.
  private static final String TRUST_STORE = RuntimeReport.name(Capability.TRUST_STORE);

  private RuntimeText() {}

  /// Lines, indented below the host.
  static List<String> of(RuntimeReport report) {
    var lines = new ArrayList<String>();
    lines.add("  " + name(report.runtime(), report.version()));
    if (!report.can().isEmpty()) {
      lines.add("    can: " + words(report.can()));
    }
    var own =
        report.lacks().stream().filter(lack -> !lack.capability().equals(TRUST_STORE)).toList();
    lacking(own, report.can().size() == 1).forEach(line -> lines.add("    " + line));
    return lines;
  }

  /// One line for each reason.
  static List<String> lacking(List<RuntimeReport.Lack> lacks) {
    return lacking(lacks, false);
  }

  /// @param one whether it can one thing alone, so that nobody expects the rest of it
  private static List<String> lacking(List<RuntimeReport.Lack> lacks, boolean one) {
    var byReason = new LinkedHashMap<String, List<String>>();
    for (RuntimeReport.Lack lack : lacks) {
      byReason.computeIfAbsent(lack.reason(), _ -> new ArrayList<>()).add(lack.capability());
    }
    return byReason.entrySet().stream()
        .map(
            entry -> {
              boolean all = one && entry.getValue().size() == lacks.size();
              String what = all ? "anything else" : words(entry.getValue());
              return "cannot: " + what + ": " + Visible.of(entry.getKey());
            })
        .toList();
  }

  /// @param version empty if it could not be asked
  static String name(String runtime, String version) {
    if (version.isEmpty()) {
      return scope(runtime) + ", which was not asked";
    }
    // The versions of podman and CRI-O name them.
    return Visible.of(runtime.equals("containers") ? version : runtime + " " + version);
  }

  // podman and CRI-O share a scope that neither is called by.
  static String scope(String runtime) {
    return runtime.equals("containers") ? "podman or CRI-O" : Visible.of(runtime);
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
