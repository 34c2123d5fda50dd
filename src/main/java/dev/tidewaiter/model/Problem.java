package dev.tidewaiter.model;

import java.util.Comparator;

/// Something in the declarations that their author must change.
///
/// @param place where
/// @param message one sentence that says what is wrong
/// @param hint one sentence that says what to write instead
public record Problem(Place place, String message, String hint) implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::place).thenComparing(Problem::message);

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /// The place and the message on one line, the hint indented on the next; [Visible], because all
  /// three may quote what is declared.
  @Override
  public String toString() {
    String where = place.file().isEmpty() ? "" : place + ": ";
    return Visible.of(where + message) + "\n  " + Visible.of(hint);
  }
}
