package dev.tidewaiter.target.host.docker;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/// Pulls of images that do not exist, to see whether an engine refuses them by itself: as `docker
/// pull` and `docker run` send them.
///
/// A registry that is refused is not contacted, and one that is not is asked for a repository with
/// a random name. `GET /distribution` would be the lighter question, but no `hosts.toml` governs
/// it.
record PullProbe(DockerEngine.Running engine) {
  /// Source: `Resolve` in containerd `core/remotes/docker/resolver.go`.
  private static final String REFUSAL = "no resolve hosts";

  private static final SecureRandom RANDOM = new SecureRandom();

  /// Whether a registry is refused that nobody lists, because [no name ends
  /// so](https://www.rfc-editor.org/rfc/rfc6761#section-6.4).
  boolean isUnlistedDenied() throws IOException {
    return isDenied("probe-" + random() + ".invalid");
  }

  /// Whether an engine refuses a registry; one that cannot be reached is not refused.
  ///
  /// @param registry `host[:port]`
  boolean isDenied(String registry) throws IOException {
    Optional<String> error = engine.pull(registry + "/tidewaiter-proof-" + random() + "/none", "1");
    return error.filter(text -> text.contains(REFUSAL)).isPresent();
  }

  private static String random() {
    var bytes = new byte[6];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
