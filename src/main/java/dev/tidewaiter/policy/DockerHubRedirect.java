package dev.tidewaiter.policy;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import java.util.Optional;

/// Where a host pulls what is on Docker Hub from, when it has a default registry.
///
/// A runtime is told so for the registry `docker.io` as a whole, so it holds for every name that
/// means Docker Hub: `nginx`, `docker.io/nginx` and `index.docker.io/library/nginx`. At admission a
/// [DefaultRegistry] holds for names without a host alone. The image keeps its name on the host.
///
/// Source: `hosts.toml` with `override_path` in containerd and Docker 28, `location` in
/// `registries.conf`; both were tried.
public record DockerHubRedirect(RepositoryPrefix to) {
  /// Docker Hub, as runtimes name it.
  public static final RegistryAddress HUB = new RegistryAddress("docker.io");

  /// What is really pulled in place of an image; empty if it is not of Docker Hub. A host in upper
  /// case is another one to runtimes.
  public Optional<String> rewrite(String image) {
    return ImageReference.parse(image)
        .filter(reference -> reference.host().equals(HUB.text()))
        .map(reference -> to + "/" + reference.toString().substring(HUB.text().length() + 1));
  }
}
