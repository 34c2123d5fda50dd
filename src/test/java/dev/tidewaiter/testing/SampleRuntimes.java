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

  /// A kubelet, which has credentials and pulls nothing itself.
  public static RuntimeFacts kubelet() {
    return new RuntimeFacts(
        "kubelet", List.of("kubelet"), "", "", allBut(Capability.NODE_CREDENTIALS));
  }

  /// The trust store of Debian.
  public static RuntimeFacts system() {
    return new RuntimeFacts(
        "system", List.of(), "", "usr/local/share/ca-certificates", allBut(Capability.TRUST_STORE));
  }

  /// Any of them, by the name of its method.
  public static RuntimeFacts named(String name) {
    return switch (name) {
      case "docker" -> docker();
      case "newDocker" -> newDocker();
      case "containerd" -> containerd();
      case "containers" -> containers();
      case "kubelet" -> kubelet();
      case "system" -> system();
      default -> throw new IllegalArgumentException("no such sample: " + name);
    };
  }

  private static Map<Capability, String> allBut(Capability capability) {
    Map<Capability, String> lacks = lacking(Capability.values());
    lacks.remove(capability);
    return lacks;
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
