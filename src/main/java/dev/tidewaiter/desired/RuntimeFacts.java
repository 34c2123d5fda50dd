package dev.tidewaiter.desired;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A runtime that a host has, and what it can enforce: asked of the runtime in this cycle.
///
/// @param scope of its resources: `docker`, `containerd`, `containers` (podman and CRI-O, which
///   share their files), `kubelet` or `system`
/// @param words of `hosts.runtimes` that mean it; none for the system's trust store
/// @param version for people, such as `29.0.0 with the containerd image store`; empty if it could
///   not be asked
/// @param directory where it looks for registries, from the host's root, such as
///   `etc/docker/certs.d`; empty if it has none
/// @param lacks what it cannot do, each with one sentence that says why and what would help;
///   everything else it can
public record RuntimeFacts(
    String scope,
    List<String> words,
    String version,
    String directory,
    Map<Capability, String> lacks) {
  public RuntimeFacts {
    words = List.copyOf(words);
    lacks = lacks.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(lacks));
  }

  public boolean can(Capability capability) {
    return !lacks.containsKey(capability);
  }

  /// Why it cannot; empty if it can.
  public Optional<String> lack(Capability capability) {
    return Optional.ofNullable(lacks.get(capability));
  }

  /// What it can.
  public Set<Capability> capabilities() {
    var can = java.util.EnumSet.allOf(Capability.class);
    can.removeAll(lacks.keySet());
    return Collections.unmodifiableSet(can);
  }

  /// `docker 29.0.0 with the containerd image store`
  @Override
  public String toString() {
    return version.isEmpty() ? scope : scope + " " + version;
  }
}
