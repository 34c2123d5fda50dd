package dev.tidewaiter.policy;

import dev.tidewaiter.model.ImageReference;
import java.util.Locale;
import java.util.Optional;

/// Which repository an image names, in the one form in which rules compare it: the host in lower
/// case, Docker Hub as `docker.io`, and `library/` where Docker Hub adds it.
///
/// @param host with its port, if one is written
record RepositoryName(String host, String path) {
  private static final int LONGEST_PATH = 255;

  /// Empty if the text is no image reference.
  static Optional<RepositoryName> of(String image) {
    return ImageReference.parse(image)
        .map(reference -> of(hub(reference.host().toLowerCase(Locale.ROOT)), reference))
        .filter(name -> name.path.length() <= LONGEST_PATH);
  }

  private static RepositoryName of(String host, ImageReference reference) {
    String path = reference.repository();
    boolean bare = host.equals("docker.io") && !path.contains("/");
    return new RepositoryName(host, bare ? "library/" + path : path);
  }

  /// A host as it counts for inactive registries, where `:443` is left out of account.
  static String registry(String host) {
    return hub(host.endsWith(":443") ? host.substring(0, host.length() - 4) : host);
  }

  private static String hub(String host) {
    return host.equals("index.docker.io") ? "docker.io" : host;
  }

  @Override
  public String toString() {
    return host + "/" + path;
  }
}
