package dev.tidewaiter.target.host.docker;

import java.util.List;
import java.util.Optional;

/// The command line of a running dockerd.
///
/// @param arguments as in `/proc/PID/cmdline`, without the program
public record DaemonFlags(List<String> arguments) {
  public DaemonFlags {
    arguments = List.copyOf(arguments);
  }

  /// Whether a flag is there, as `--name` or `--name=value`.
  boolean has(String name) {
    return arguments.stream()
        .anyMatch(a -> a.equals("--" + name) || a.startsWith("--" + name + "="));
  }

  /// The value of a flag, in either of its two forms.
  Optional<String> find(String name) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("--" + name + "=")) {
        return Optional.of(argument.substring(name.length() + 3));
      }
      if (argument.equals("--" + name) && i + 1 < arguments.size()) {
        return Optional.of(arguments.get(i + 1));
      }
    }
    return Optional.empty();
  }
}
