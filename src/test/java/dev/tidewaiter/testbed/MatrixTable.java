package dev.tidewaiter.testbed;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.testbed.Matrix.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The README's table of what each runtime can enforce, made of what the last test run has shown.
///
/// `make matrix` writes it between its two marks; `check` as the argument compares instead, and
/// ends with 1 if they differ.
final class MatrixTable {
  private static final Pattern MARKED =
      Pattern.compile("(?s)(<!-- matrix: made by `make matrix` -->\n).*?(<!-- end of matrix -->)");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)*");

  private final List<Shown> shown;

  MatrixTable(List<Shown> shown) {
    this.shown = List.copyOf(shown);
  }

  public static void main(String[] arguments) throws IOException {
    Path readme = Path.of("README.md");
    String old = Files.readString(readme);
    String made = new MatrixTable(Matrix.read(Matrix.file())).replacedIn(old);
    if (!List.of(arguments).contains("check")) {
      Files.writeString(readme, made);
    } else if (!made.equals(old)) {
      System.err.println("README.md: its matrix is not what the tests have shown: `make matrix`.");
      System.exit(1);
    }
  }

  /// A text with the table between its marks.
  String replacedIn(String text) {
    Matcher marks = MARKED.matcher(text);
    if (!marks.find()) {
      throw new IllegalArgumentException("no marks: " + MARKED);
    }
    return text.substring(0, marks.end(1)) + "\n" + text() + "\n" + text.substring(marks.start(2));
  }

  /// One row per capability, one column per runtime.
  String text() {
    List<MatrixColumn> columns = List.of(MatrixColumn.values());
    var text = new StringBuilder(row("what", columns.stream().map(MatrixColumn::heading)));
    text.append("|---".repeat(columns.size() + 1)).append("|\n");
    for (Capability capability : Capability.values()) {
      text.append(row(capability.word(), columns.stream().map(column -> cell(column, capability))));
    }
    return text.toString();
  }

  private static String row(String title, Stream<String> cells) {
    return cells.collect(Collectors.joining(" | ", "| " + title + " | ", " |\n"));
  }

  private String cell(MatrixColumn column, Capability capability) {
    List<Shown> here =
        shown.stream().filter(s -> s.column() == column && s.capability() == capability).toList();
    Optional<String> works = newest(here.stream().filter(Shown::works));
    Optional<String> refused = newest(here.stream().filter(s -> !s.works()));
    if (refused.isPresent() && (works.isPresent() || column.isFromSource(capability))) {
      throw new IllegalStateException(
          column.heading() + ": shown not to have " + capability.word() + ", and said to have it");
    }
    return works
        .map(version -> "Tested " + version)
        .orElse(column.isFromSource(capability) ? "From source" : "Unsupported");
  }

  /// The newest number among what runtimes say of their versions.
  private static Optional<String> newest(Stream<Shown> shown) {
    return shown.map(s -> number(s.version())).max(Comparator.comparing(MatrixTable::padded));
  }

  private static String number(String version) {
    Matcher number = NUMBER.matcher(version);
    return number.find() ? number.group() : version;
  }

  /// So that text compares as its numbers do.
  private static String padded(String version) {
    return Stream.of(version.split("\\."))
        .map(part -> "0".repeat(Math.max(0, 8 - part.length())) + part)
        .collect(Collectors.joining("."));
  }
}
