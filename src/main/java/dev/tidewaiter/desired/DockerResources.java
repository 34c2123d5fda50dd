package dev.tidewaiter.desired;

import dev.tidewaiter.config.Registry;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.List;
import java.util.TreeMap;

/// What an environment has on a host with Docker.
///
/// An engine that reads `hosts.toml` has mirrors there, and the denial; an older one, or one with
/// the older image store, has mirrors of Docker Hub in its settings, and no denial. The insecure
/// mark is in the settings of each, which the credential check of `docker login` goes by as well.
record DockerResources(HostIntent intent, RuntimeFacts runtime, Assembly assembly) {
  private static final String SETTINGS = "etc/docker/daemon.json";

  void build() {
    var directories = new DirectoryResources(intent, runtime, assembly);
    directories.build(
        registry -> directories.hasMirrors(registry) || directories.servesNode(registry));
    addInsecureMarks();
    addMirrors();
    new UserResources(intent, runtime, assembly).add(Served::authField);
  }

  private void addInsecureMarks() {
    var marks = new TreeMap<String, DesiredField>();
    if (runtime.can(Capability.INSECURE)) {
      intent.served().stream()
          .filter(served -> served.registry().tls().insecure())
          .forEach(
              served -> marks.put("insecure-registries/" + served.address(), HostFields.present()));
    }
    assembly.add(settings(ResourceKind.INSECURE_REGISTRIES), marks);
  }

  private void addMirrors() {
    var mirrors = new TreeMap<String, DesiredField>();
    if (!runtime.can(Capability.MIRRORS) && runtime.can(Capability.HUB_MIRRORS)) {
      intent.served().stream()
          .map(Served::registry)
          .flatMap(registry -> ofHub(registry).stream())
          .forEach(
              mirror -> mirrors.put("registry-mirrors/https://" + mirror, HostFields.present()));
    }
    assembly.add(settings(ResourceKind.REGISTRY_MIRRORS), mirrors);
  }

  /// The mirrors that any engine can ask: those of Docker Hub without a path.
  static List<String> ofHub(Registry registry) {
    return registry.address().isDockerHub()
        ? registry.mirrors().stream().filter(mirror -> !mirror.contains("/")).toList()
        : List.of();
  }

  private ResourceId settings(ResourceKind kind) {
    return new ResourceId(kind, runtime.scope(), SETTINGS);
  }
}
