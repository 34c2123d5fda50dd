package dev.tidewaiter.desired;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;

/// What an environment has on a host, runtime by runtime: what the runtime can do and no more,
/// because a file that it ignores would be a false promise. The rest is told by [HostLacks].
record HostResources(HostIntent intent, Assembly assembly) {
  /// The field of a file that stands for its bytes.
  static final String CONTENT = "content";

  void build(RuntimeFacts runtime) {
    switch (runtime.scope()) {
      case "docker" -> new DockerResources(intent, runtime, assembly).build();
      case "containerd" -> new ContainerdResources(intent, runtime, assembly).build();
      case "containers" -> new ContainersResources(intent, runtime, assembly).build();
      case "kubelet" -> addNodeCredentials(runtime);
      case HostClaims.SYSTEM -> addTrustedCertificates(runtime);
      default -> throw new IllegalStateException("no such runtime: " + runtime);
    }
  }

  private void addNodeCredentials(RuntimeFacts runtime) {
    if (intent.hosts().nodeCredentials() && runtime.can(Capability.NODE_CREDENTIALS)) {
      var id =
          new ResourceId(
              ResourceKind.NODE_CREDENTIALS, runtime.scope(), "var/lib/kubelet/config.json");
      assembly.add(id, assembly.authFields(id, intent.served(), Served::authField));
    }
  }

  private void addTrustedCertificates(RuntimeFacts runtime) {
    if (runtime.can(Capability.TRUST_STORE)) {
      var certificates = new CertificateResources(runtime, assembly);
      intent.served().forEach(certificates::addTrusted);
    }
  }
}
