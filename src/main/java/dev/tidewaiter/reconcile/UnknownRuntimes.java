package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.Visible;
import java.util.List;

/// What is to be told of a host's runtimes that could not be asked what they are.
final class UnknownRuntimes {
  private UnknownRuntimes() {}

  static List<Condition> of(Surroundings surroundings, Environment environment) {
    return switch (surroundings) {
      case Surroundings.Cluster _ -> List.of();
      case Surroundings.Host host ->
          host.unknownTo(environment).entrySet().stream()
              .map(
                  unknown ->
                      new Condition(
                          Reason.RuntimeUnknown,
                          Visible.of(unknown.getKey() + ": " + unknown.getValue())
                              + " What it has stays as it is, and all else goes on"))
              .toList();
    };
  }
}
