package dev.tidewaiter.cli;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.Visible;
import java.io.PrintWriter;
import java.util.List;

/// What `validate` found out, in the form that programs read.
///
/// @param files how many files were looked at
/// @param problems what must be changed; empty if the declarations are accepted
/// @param notes what is worth knowing
record ProblemReport(String path, int files, List<Entry> problems, List<Entry> notes)
    implements Printable {
  /// @param line from 1; 0 if the file as a whole is meant
  /// @param column from 1; 0 if the line as a whole is meant
  record Entry(String file, int line, int column, String message, String hint) {
    static Entry of(Problem problem) {
      var place = problem.place();
      return new Entry(
          place.file(), place.line(), place.column(), problem.message(), problem.hint());
    }
  }

  static ProblemReport of(
      String path, Snapshot snapshot, List<Problem> problems, List<Problem> notes) {
    return new ProblemReport(
        path,
        snapshot.entries().size(),
        problems.stream().map(Entry::of).toList(),
        notes.stream().map(Entry::of).toList());
  }

  boolean accepted() {
    return problems.isEmpty();
  }

  @Override
  public void printText(PrintWriter out) {
    problems.forEach(entry -> out.println(text(entry, "")));
    notes.forEach(entry -> out.println(text(entry, "note: ")));
    out.println(summary());
  }

  @Override
  public void printMarkdown(PrintWriter out) {
    out.println("**" + summary() + "**");
    if (!problems.isEmpty() || !notes.isEmpty()) {
      out.println();
    }
    problems.forEach(entry -> out.println("- :x: " + markdown(entry)));
    notes.forEach(entry -> out.println("- :information_source: " + markdown(entry)));
  }

  private String summary() {
    String looked = Output.count(files, "file") + " in " + path;
    return accepted()
        ? looked + ": valid"
        : looked + ": " + Output.count(problems.size(), "problem");
  }

  private static String text(Entry entry, String prefix) {
    return Visible.of(place(entry) + ": " + prefix + entry.message())
        + "\n  "
        + Visible.of(entry.hint());
  }

  private static String markdown(Entry entry) {
    return Output.code(place(entry)) + " " + Visible.of(entry.message() + " " + entry.hint());
  }

  private static String place(Entry entry) {
    return new Place(entry.file(), entry.line(), entry.column()).toString();
  }
}
