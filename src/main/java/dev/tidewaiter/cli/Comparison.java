package dev.tidewaiter.cli;

import dev.tidewaiter.config.Declarations;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Two revisions, whose declarations are compared.
record Comparison(Side before, Side after) {
  /// @param revision its id, or what else is compared, for people
  record Side(String revision, Declarations declarations) {}

  /// @param environment null for all
  /// @throws CommandFailure if there is no such environment in either
  void require(@Nullable String environment) throws CommandFailure {
    var names = new TreeSet<>(before.declarations().environments().keySet());
    names.addAll(after.declarations().environments().keySet());
    if (environment != null && !names.contains(environment)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--environment %s: There is no such environment in either revision.%n  Name one of %s."
              .formatted(environment, String.join(", ", names)));
    }
  }
}
