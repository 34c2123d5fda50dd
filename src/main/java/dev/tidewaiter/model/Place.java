package dev.tidewaiter.model;

import java.util.Comparator;

/// Where something stands in the config repository.
///
/// @param file path from the root of the snapshot, with `/`; empty for the snapshot as a whole
/// @param line from 1; 0 if the file as a whole is meant
/// @param column from 1; 0 if the line as a whole is meant
public record Place(String file, int line, int column) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::file)
          .thenComparingInt(Place::line)
          .thenComparingInt(Place::column);

  /// A file as a whole.
  public static Place of(String file) {
    return new Place(file, 0, 0);
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  /// `file:line:column`, as compilers print it, without the parts that are not known.
  @Override
  public String toString() {
    if (line == 0) {
      return file;
    }
    return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
  }
}
