package dev.tidewaiter.desired;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import java.util.List;
import java.util.Map;

/// Finds out whether more than one environment selects a host.
record HostClaims(Declarations declarations) {
  /// The only runtime of this release, and the scope of everything on a host.
  static final String DOCKER = "docker";

  /// Whether the environment selects the host and manages a runtime that it has.
  static boolean claims(Environment environment, Surroundings.Host host) {
    return selects(environment, host) && host.runtimes().contains(DOCKER);
  }

  /// Whether the environment wants the runtime of this host, which it may not have now.
  static boolean selects(Environment environment, Surroundings.Host host) {
    Environment.Hosts hosts = environment.hosts();
    return environment.state() == Environment.State.ACTIVE
        && hosts != null
        && host.labels().entrySet().containsAll(hosts.matchLabels().entrySet())
        && (hosts.runtimes().isEmpty() || hosts.runtimes().contains(DOCKER));
  }

  /// The host's scope and to whom it belongs if the environment must leave it alone; otherwise
  /// empty.
  Map<String, String> contested(Environment environment, Surroundings.Host host) {
    List<String> claimants =
        declarations.environments().values().stream()
            .filter(other -> claims(other, host))
            .map(Environment::name)
            .toList();
    return Contest.loser(environment.name(), claimants, host.ownedBy())
        .map(whose -> Map.of(DOCKER, whose))
        .orElse(Map.of());
  }
}
