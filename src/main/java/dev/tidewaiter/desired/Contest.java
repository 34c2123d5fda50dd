package dev.tidewaiter.desired;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who may act in a place that belongs to at most one environment.
///
/// Where another instance owns something, nobody of this one acts. A place that one environment
/// alone selects is its own. Of several, the one that alone owns something there keeps it;
/// otherwise none of them acts.
final class Contest {
  private static final Pattern ENVIRONMENT = Pattern.compile("[a-z0-9-]+");

  private Contest() {}

  /// Whoever may act there, or all who want to; empty if the environment itself may.
  ///
  /// @param claimants the environments that select the place, `environment` among them
  /// @param owners environments that own something there, or other instances in words
  static Optional<String> loser(String environment, List<String> claimants, List<String> owners) {
    List<String> strangers =
        owners.stream().filter(owner -> !ENVIRONMENT.matcher(owner).matches()).sorted().toList();
    if (!strangers.isEmpty()) {
      return Optional.of(String.join(", ", strangers));
    }
    List<String> rivals = claimants.stream().filter(name -> !name.equals(environment)).toList();
    if (rivals.isEmpty()) {
      return Optional.empty();
    }
    List<String> holders = claimants.stream().filter(owners::contains).toList();
    if (holders.equals(List.of(environment))) {
      return Optional.empty();
    }
    return Optional.of(holders.size() == 1 ? holders.getFirst() : String.join(", ", claimants));
  }
}
