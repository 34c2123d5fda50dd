package dev.tidewaiter.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The known word that somebody probably meant.
final class Nearest {
  private Nearest() {}

  /// The candidate with the fewest typing errors between it and the word, upper and lower case
  /// being equal; empty if more than a third of its letters would be wrong.
  static Optional<String> find(String word, Collection<String> candidates) {
    return candidates.stream()
        .filter(c -> distance(word, c) <= Math.max(1, c.length() / 3))
        .min(Comparator.<String>comparingInt(c -> distance(word, c)).thenComparing(c -> c));
  }

  /// A hint that names the nearest candidate, or lists them all.
  static String hint(String word, Collection<String> candidates) {
    return find(word, candidates)
        .map(nearest -> "Did you mean `" + nearest + "`?")
        .orElse(
            candidates.isEmpty()
                ? "Remove it: nothing belongs here."
                : "Known here: " + quoted(candidates) + ".");
  }

  static String quoted(Collection<String> words) {
    return String.join(", ", words.stream().sorted().map(w -> "`" + w + "`").toList());
  }

  /// The Levenshtein distance, in one row of the matrix.
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    if (Math.abs(a.length() - b.length()) > b.length()) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
