package dev.tidewaiter.target.host.docker;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
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

  /// In errors of an engine that went to a registry: the address of the request, and what a
  /// registry answers for what it does not have.
  ///
  /// Source: `url.Error` of Go; `errcode.ErrorCodeManifestUnknown` and `translateV2AuthError` in
  /// moby `distribution/errors.go`; `remotes.ErrUnexpectedStatus` in containerd.
  private static final List<String> TRACES =
      List.of(
          "/v2/",
          "dial tcp",
          "no such host",
          "manifest unknown",
          "pull access denied",
          "unexpected status");

  private static final String TAG = "1";
  private static final SecureRandom RANDOM = new SecureRandom();

  /// What the engine did with a pull.
  enum Answer {
    /// It refused by itself.
    DENIED,
    /// It went to a registry, or looked for one.
    ASKED,
    /// Neither is shown: it did not answer in time, is shutting down, or something else stood in
    /// the way.
    UNKNOWN
  }

  /// What becomes of a registry that nobody lists, because [no name ends
  /// so](https://www.rfc-editor.org/rfc/rfc6761#section-6.4).
  Answer askUnlisted() {
    return ask("probe-" + random() + ".invalid");
  }

  /// What becomes of a registry, whether or not it can be reached.
  ///
  /// @param registry `host[:port]`
  Answer ask(String registry) {
    String name = registry + "/tidewaiter-proof-" + random() + "/none";
    Optional<String> error;
    try {
      error = engine.pull(name, TAG);
    } catch (IOException _) {
      return Answer.UNKNOWN;
    }
    if (error.isPresent() && error.get().contains(REFUSAL)) {
      return Answer.DENIED;
    }
    return error.isEmpty() || isOfARegistry(error.get(), registry, name)
        ? Answer.ASKED
        : Answer.UNKNOWN;
  }

  private static boolean isOfARegistry(String error, String registry, String name) {
    return error.contains(name + ":" + TAG + ": not found")
        || (error.contains(registry) && TRACES.stream().anyMatch(error::contains));
  }

  private static String random() {
    var bytes = new byte[6];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
