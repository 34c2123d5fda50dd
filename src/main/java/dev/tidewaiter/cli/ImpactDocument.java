package dev.tidewaiter.cli;

import dev.tidewaiter.cli.impact.Affected;
import java.io.PrintWriter;
import java.util.List;

/// What a change between two revisions does to what runs, in the form that programs read.
///
/// @param takenAt when the clusters were asked
/// @param workloads how many were looked at
/// @param warnings what makes it less certain
/// @param environments those of which anything is affected
record ImpactDocument(
    String from,
    String to,
    String takenAt,
    int workloads,
    List<String> warnings,
    List<Affected> environments)
    implements Printable {
  @Override
  public void printText(PrintWriter out) {
    ImpactText.print(this, out);
  }

  @Override
  public void printMarkdown(PrintWriter out) {
    ImpactText.printMarkdown(this, out);
  }
}
