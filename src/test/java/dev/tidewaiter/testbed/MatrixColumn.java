package dev.tidewaiter.testbed;

import static dev.tidewaiter.desired.Capability.ALLOW_LIST;
import static dev.tidewaiter.desired.Capability.ALLOW_LIST_PATHS;
import static dev.tidewaiter.desired.Capability.CA;
import static dev.tidewaiter.desired.Capability.CLIENT_CERTIFICATE;
import static dev.tidewaiter.desired.Capability.DEFAULT_REGISTRY;
import static dev.tidewaiter.desired.Capability.HUB_MIRRORS;
import static dev.tidewaiter.desired.Capability.INSECURE;
import static dev.tidewaiter.desired.Capability.MIRRORS;
import static dev.tidewaiter.desired.Capability.NODE_CREDENTIALS;
import static dev.tidewaiter.desired.Capability.TRUST_STORE;
import static dev.tidewaiter.desired.Capability.USER_CREDENTIALS;

import dev.tidewaiter.desired.Capability;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A column of the README's matrix: a runtime in the versions that behave alike, and what it can do
/// by its own source.
///
/// What is neither shown by a test nor named here is `Unsupported`.
enum MatrixColumn {
  DOCKER_20_10("Docker 20.10", "docker 20\\.10\\..*"),
  DOCKER_GRAPH_DRIVER(
      "Docker 28 and newer, graph driver", "docker (?:2[89]|[3-9]\\d)\\.(?!.*containerd).*"),
  DOCKER_CONTAINERD_STORE(
      "Docker 28 and newer, containerd image store", "docker (?:2[89]|[3-9]\\d)\\..*containerd.*"),
  CONTAINERD_1("containerd 1.6, 1.7", "containerd 1\\..*"),
  CONTAINERD_2("containerd 2.1 and newer", "containerd 2\\..*"),
  PODMAN("Podman", "podman .*"),
  CRIO("CRI-O", "(?:crio|cri-o) .*"),
  KUBELET("kubelet", "kubelet .*"),
  TRUST_STORE_OF_THE_SYSTEM("the system's store", "system .*");

  private final String heading;
  private final Pattern form;

  MatrixColumn(String heading, String form) {
    this.heading = heading;
    this.form = Pattern.compile(form, Pattern.CASE_INSENSITIVE);
  }

  String heading() {
    return heading;
  }

  /// What it can do by its own source, whether or not a test has shown it.
  private Set<Capability> fromSource() {
    return switch (this) {
      case DOCKER_20_10, DOCKER_GRAPH_DRIVER ->
          Set.of(CA, CLIENT_CERTIFICATE, INSECURE, HUB_MIRRORS, USER_CREDENTIALS);
      case DOCKER_CONTAINERD_STORE ->
          Set.of(
              CA,
              CLIENT_CERTIFICATE,
              INSECURE,
              HUB_MIRRORS,
              MIRRORS,
              USER_CREDENTIALS,
              NODE_CREDENTIALS,
              ALLOW_LIST,
              DEFAULT_REGISTRY);
      case CONTAINERD_1 ->
          Set.of(
              CA, CLIENT_CERTIFICATE, INSECURE, HUB_MIRRORS, MIRRORS, ALLOW_LIST, DEFAULT_REGISTRY);
      case CONTAINERD_2 ->
          Set.of(
              CA,
              CLIENT_CERTIFICATE,
              INSECURE,
              HUB_MIRRORS,
              MIRRORS,
              NODE_CREDENTIALS,
              ALLOW_LIST,
              DEFAULT_REGISTRY);
      case PODMAN, CRIO ->
          Set.of(
              CA,
              CLIENT_CERTIFICATE,
              INSECURE,
              HUB_MIRRORS,
              MIRRORS,
              USER_CREDENTIALS,
              ALLOW_LIST,
              ALLOW_LIST_PATHS,
              DEFAULT_REGISTRY);
      case KUBELET -> Set.of(NODE_CREDENTIALS);
      case TRUST_STORE_OF_THE_SYSTEM -> Set.of(TRUST_STORE);
    };
  }

  boolean isFromSource(Capability capability) {
    return fromSource().contains(capability);
  }

  /// The only column of a runtime and what it says of its version.
  static MatrixColumn of(String runtime, String version) {
    String text = runtime + " " + version;
    List<MatrixColumn> found =
        Stream.of(values()).filter(column -> column.form.matcher(text).matches()).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(text + ": " + found.size() + " columns of the matrix");
    }
    return found.getFirst();
  }
}
