package dev.tidewaiter.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// When registries were added: which of several with one address is the most recent.
///
/// Added means: the first-parent commit since which a Registry of that name has been declared
/// without a break, in whatever file. It counts by position in history, never by time; edits, moves
/// and re-activations do not count.
public interface AdditionOrder {
  /// Asked only about registries that share an address, because the answer may need the whole
  /// history.
  ///
  /// @param registries names of registries that the snapshot declares
  /// @return a position for each
  Map<String, Position> positionsOf(Set<String> registries);

  /// The position of one addition.
  sealed interface Position {
    /// @param commitsAgo on the first-parent line: 0 for the newest commit, -1 if it is not
    ///   committed yet
    record Known(int commitsAgo) implements Position {}

    /// Older than every known one: it was there where the known history begins.
    record Unknown() implements Position {}
  }

  /// Without any history.
  static AdditionOrder unknown() {
    return registries -> {
      Map<String, Position> positions = new TreeMap<>();
      registries.forEach(name -> positions.put(name, new Position.Unknown()));
      return positions;
    };
  }
}
