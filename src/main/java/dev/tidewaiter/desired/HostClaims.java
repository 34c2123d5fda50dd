package dev.tidewaiter.desired;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Finds out which runtimes of a host an environment manages, and whether more than one environment
/// selects the host.
record HostClaims(Declarations declarations) {
  /// What the system's trust store belongs to, which is no runtime that a declaration lists.
  static final String SYSTEM = "system";

  /// The runtimes of the host that the environment manages.
  static List<RuntimeFacts> managed(Environment environment, Surroundings.Host host) {
    Environment.Hosts hosts = environment.hosts();
    return hosts == null || !selects(environment, host)
        ? List.of()
        : host.runtimes().stream().filter(runtime -> isMeant(hosts, runtime)).toList();
  }

  private static boolean isMeant(Environment.Hosts hosts, RuntimeFacts runtime) {
    return runtime.scope().equals(SYSTEM)
        ? hosts.trustStore()
        : !Collections.disjoint(hosts.runtimes(), runtime.words());
  }

  /// Whether the environment wants this host, whatever runtimes it has now.
  static boolean selects(Environment environment, Surroundings.Host host) {
    Environment.Hosts hosts = environment.hosts();
    return environment.state() == Environment.State.ACTIVE
        && hosts != null
        && host.labels().entrySet().containsAll(hosts.matchLabels().entrySet());
  }

  /// Scopes in which the environment owns or wants something while the host does not have them, if
  /// only for the time of an upgrade: that is no absence in Git. A scope that runtimes share is not
  /// there either if those that are found are none that the environment means.
  static Set<String> missing(Environment environment, Surroundings.Host host) {
    Environment.Hosts hosts = environment.hosts();
    if (hosts == null || !selects(environment, host)) {
      return Set.of();
    }
    Set<String> wanted = scopes(hosts);
    managed(environment, host).forEach(runtime -> wanted.remove(runtime.scope()));
    return wanted;
  }

  private static Set<String> scopes(Environment.Hosts hosts) {
    var scopes = new HashSet<String>();
    hosts.runtimes().forEach(word -> scopes.add(scopeOf(word)));
    if (hosts.trustStore()) {
      scopes.add(SYSTEM);
    }
    return scopes;
  }

  /// Of the scopes that could not be told, those that the environment would manage, or where it may
  /// own something.
  static SortedMap<String, String> unknown(Environment environment, Surroundings.Host host) {
    var unknown = new TreeMap<>(host.unknown());
    if (!host.ownedBy().contains(environment.name())) {
      unknown.keySet().retainAll(wanted(environment, host));
    }
    return unknown;
  }

  private static Set<String> wanted(Environment environment, Surroundings.Host host) {
    Environment.Hosts hosts = environment.hosts();
    return hosts == null || !selects(environment, host) ? Set.of() : scopes(hosts);
  }

  /// The scope that a word of `hosts.runtimes` means.
  static String scopeOf(String word) {
    return switch (word) {
      case "podman", "crio" -> "containers";
      default -> word;
    };
  }

  // Whoever has something there keeps it while its runtime cannot be told for a moment.
  private static boolean claims(Environment environment, Surroundings.Host host) {
    return !managed(environment, host).isEmpty()
        || (selects(environment, host) && host.ownedBy().contains(environment.name()));
  }

  /// The scopes that the environment must leave alone and to whom they belong; otherwise empty.
  Map<String, String> contested(Environment environment, Surroundings.Host host) {
    List<String> claimants =
        declarations.environments().values().stream()
            .filter(other -> claims(other, host))
            .map(Environment::name)
            .toList();
    return Contest.loser(environment.name(), claimants, host.ownedBy())
        .map(
            whose ->
                host.runtimes().stream().collect(Collectors.toMap(RuntimeFacts::scope, _ -> whose)))
        .orElse(Map.of());
  }
}
