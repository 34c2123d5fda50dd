package dev.tidewaiter.testing;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What runtimes of hosts say of themselves, for tests that have none.
public final class SampleRuntimes {
  private SampleRuntimes() {}

  /// An old Docker: certificates, insecure marks, a mirror of Docker Hub, and users' logins.
  public static RuntimeFacts docker() {
    return new RuntimeFacts(
        "docker",
        List.of("docker"),
        "20.10.24",
        "etc/docker/certs.d",
        lacking(
            Capability.MIRRORS,
            Capability.NODE_CREDENTIALS,
            Capability.ALLOW_LIST,
            Capability.ALLOW_LIST_PATHS,
            Capability.DEFAULT_REGISTRY,
            Capability.TRUST_STORE));
  }

  /// A Docker that reads `hosts.toml`.
  public static RuntimeFacts newDocker() {
    return new RuntimeFacts(
        "docker",
        List.of("docker"),
        "29.0.0 with the containerd image store",
        "etc/docker/certs.d",
        lacking(Capability.ALLOW_LIST_PATHS, Capability.TRUST_STORE));
  }

  /// A containerd of Kubernetes.
  public static RuntimeFacts containerd() {
    return new RuntimeFacts(
        "containerd",
        List.of("containerd"),
        "2.2.9",
        "etc/containerd/certs.d",
        lacking(Capability.USER_CREDENTIALS, Capability.ALLOW_LIST_PATHS, Capability.TRUST_STORE));
  }

  /// Podman, and CRI-O beside it.
  public static RuntimeFacts containers() {
    return new RuntimeFacts(
        "containers",
        List.of("podman", "crio"),
        "podman 4.3.1",
        "etc/containers/certs.d",
        lacking(Capability.NODE_CREDENTIALS, Capability.TRUST_STORE));
  }

  /// What the sample runtimes lack, each with a reason that a test can recognise.
  public static Map<Capability, String> lacking(Capability... capabilities) {
    var lacks = new EnumMap<Capability, String>(Capability.class);
    for (Capability capability : capabilities) {
      lacks.put(capability, "this sample cannot do " + capability.word());
    }
    return lacks;
  }
}
