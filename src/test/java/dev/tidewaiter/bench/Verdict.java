package dev.tidewaiter.bench;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/// Prints figures, and remembers whether each kept to its bar.
final class Verdict {
  private final PrintStream out;
  private boolean met = true;

  Verdict(PrintStream out) {
    this.out = out;
  }

  @FormatMethod
  void note(@FormatString String format, Object... values) {
    out.println("  " + format(format, values));
  }

  /// A figure with a bar.
  @FormatMethod
  void check(boolean within, String bar, @FormatString String format, Object... values) {
    met &= within;
    out.println(
        (within ? "  " : "! ")
            + format(format, values)
            + " ("
            + bar
            + (within ? ")" : ", MISSED)"));
  }

  void title(String title) {
    out.println(title);
  }

  boolean isMet() {
    return met;
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @FormatMethod
  private static String format(@FormatString String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
