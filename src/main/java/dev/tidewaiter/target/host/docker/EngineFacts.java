package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The capability matrix of Docker.
///
/// Certificates, insecure registries and users' credentials are possible with every engine. All
/// else that governs pulls is in `hosts.toml`, which Docker 28 reads, and only with the containerd
/// image store. Which store an engine has is its owner's choice: switching hides all images and
/// containers, so it is named as what would help and never done.
final class EngineFacts {
  static final String SCOPE = "docker";
  static final String DIRECTORY = "etc/docker/certs.d";

  private static final Map<Capability, String> NEVER =
      Map.of(
          Capability.ALLOW_LIST_PATHS,
          "Docker goes by the host of an image alone, so an entry with a path admits its whole host;"
              + " list the host, or use admission in a cluster",
          Capability.TRUST_STORE,
          "the system's trust store is no part of Docker, which has a directory for the CA of each"
              + " registry");

  private static final String SWITCHING =
      "the containerd image store (`features.containerd-snapshotter`; switching hides the images"
          + " that are there)";

  private EngineFacts() {}

  /// What an engine that answers can do.
  static RuntimeFacts of(EngineInfo engine) {
    if (engine.readsHosts()) {
      return facts(engine.toString(), NEVER);
    }
    boolean old = !engine.containerdStore() && !engine.takesMirrorsWithPath();
    String docker = "Docker " + (old ? engine.version() : engine.toString());
    String needs =
        (engine.takesMirrorsWithPath() ? "that needs " : "that needs Docker 28 with ") + SWITCHING;
    var lacks = new EnumMap<>(NEVER);
    lacks.put(Capability.ALLOW_LIST, docker + " cannot refuse registries: " + needs);
    lacks.put(
        Capability.DEFAULT_REGISTRY,
        docker + " pulls images without a host from Docker Hub alone: " + needs);
    lacks.put(
        Capability.MIRRORS,
        docker + " has mirrors for Docker Hub alone, and none with a path: " + needs);
    lacks.put(
        Capability.NODE_CREDENTIALS, docker + " takes credentials from its users alone: " + needs);
    return facts(engine.toString(), lacks);
  }

  /// What an engine can do that has `hosts.toml` files of ours and is stopped: as when it ran, so
  /// that a restart withdraws nothing.
  static RuntimeFacts governed() {
    return facts("", NEVER);
  }

  /// What can be done without asking: by files that every engine reads.
  ///
  /// @param why the engine is not asked, as half a sentence
  static RuntimeFacts unasked(String why) {
    var lacks = new EnumMap<>(NEVER);
    for (Capability capability :
        List.of(
            Capability.ALLOW_LIST,
            Capability.DEFAULT_REGISTRY,
            Capability.MIRRORS,
            Capability.NODE_CREDENTIALS)) {
      lacks.put(capability, "whether Docker can do this has to be asked of the engine, and " + why);
    }
    return facts("", lacks);
  }

  private static RuntimeFacts facts(String version, Map<Capability, String> lacks) {
    return new RuntimeFacts(SCOPE, List.of("docker"), version, DIRECTORY, lacks);
  }
}
