package dev.tidewaiter.desired;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.Map;
import java.util.TreeMap;

/// What an environment has on a host with containerd.
///
/// All of it is in host directories, so nothing can be had where containerd looks for none: then
/// the runtime names no directory, or it lacks everything until it was started again.
record ContainerdResources(HostIntent intent, RuntimeFacts runtime, Assembly assembly) {
  void build() {
    if (runtime.directory().isEmpty()) {
      return;
    }
    assembly.add(
        new ResourceId(
            ResourceKind.RUNTIME_SETTINGS, runtime.scope(), "etc/containerd/config.toml"),
        new TreeMap<>(Map.of("config_path", HostFields.plain("/etc/containerd/certs.d"))));
    var directories = new DirectoryResources(intent, runtime, assembly);
    directories.build(
        registry ->
            isInsecure(registry)
                || directories.hasMirrors(registry)
                || directories.servesNode(registry));
  }

  private boolean isInsecure(Served registry) {
    return registry.registry().tls().insecure() && runtime.can(Capability.INSECURE);
  }
}
