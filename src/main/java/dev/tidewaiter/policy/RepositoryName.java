package dev.tidewaiter.policy;

import dev.tidewaiter.model.ImageReference;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which repository an image names, in the one form in which rules compare it: the host in lower
/// case, Docker Hub as `docker.io`, and `library/` where Docker Hub adds it.
///
/// @param host with its port, if one is written
record RepositoryName(String host, String path) {
  private static final String HUB = "docker.io";

  /// Hosts that give out what is on Docker Hub, and under which images can be written.
  private static final Set<String> SERVING =
      Set.of("registry-1.docker.io", "registry.hub.docker.com");

  private static final int LONGEST_PATH = 255;

  /// Empty if the text is no image reference.
  static Optional<RepositoryName> of(String image) {
    return ImageReference.parse(image)
        .map(reference -> of(hub(reference.host().toLowerCase(Locale.ROOT)), reference))
        .filter(name -> name.path.length() <= LONGEST_PATH);
  }

  private static RepositoryName of(String host, ImageReference reference) {
    String path = reference.repository();
    boolean bare = host.equals(HUB) && !path.contains("/");
    return new RepositoryName(host, bare ? "library/" + path : path);
  }

  /// Whether an image on a host is of an inactive registry. `:443` is left out of account, and by
  /// [#SERVING] it is of Docker Hub, but an image of Docker Hub is not of these.
  static boolean isOf(String inactive, String host) {
    String registry = withoutDefaultPort(inactive);
    String own = withoutDefaultPort(host);
    return registry.equals(own) || (registry.equals(HUB) && SERVING.contains(own));
  }

  private static String withoutDefaultPort(String host) {
    return hub(host.endsWith(":443") ? host.substring(0, host.length() - 4) : host);
  }

  private static String hub(String host) {
    return host.equals("index.docker.io") ? HUB : host;
  }

  @Override
  public String toString() {
    return host + "/" + path;
  }
}
