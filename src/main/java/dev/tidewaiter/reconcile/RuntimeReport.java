package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.desired.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A runtime of a host, and what of a declaration it can enforce, as it said in a cycle.
///
/// @param runtime the scope of its resources, such as `docker`
/// @param version for people; empty if it could not be asked
/// @param directory where it looks for registries, from the host's root; empty if it has none
/// @param can names of capabilities, such as `AllowList`
public record RuntimeReport(
    String runtime, String version, String directory, List<String> can, List<Lack> lacks) {
  public RuntimeReport {
    can = List.copyOf(can);
    lacks = List.copyOf(lacks);
  }

  /// @param reason one sentence for people, with what would help
  public record Lack(String capability, String reason) {}

  /// Whether a policy can be in force there.
  boolean governs() {
    return can.contains(name(Capability.ALLOW_LIST))
        || can.contains(name(Capability.DEFAULT_REGISTRY));
  }

  /// Those of a host; none of a cluster.
  static List<RuntimeReport> of(Surroundings surroundings) {
    return switch (surroundings) {
      case Surroundings.Host host -> host.runtimes().stream().map(RuntimeReport::of).toList();
      case Surroundings.Cluster _ -> List.of();
    };
  }

  private static RuntimeReport of(RuntimeFacts facts) {
    var lacks = new ArrayList<Lack>();
    facts.lacks().forEach((capability, reason) -> lacks.add(new Lack(name(capability), reason)));
    return new RuntimeReport(
        facts.scope(),
        facts.version(),
        facts.directory(),
        facts.capabilities().stream().map(RuntimeReport::name).toList(),
        lacks);
  }

  /// `AllowList`
  public static String name(Capability capability) {
    return Stream.of(capability.name().split("_"))
        .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
