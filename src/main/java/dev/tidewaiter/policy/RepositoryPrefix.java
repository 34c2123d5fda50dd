package dev.tidewaiter.policy;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// A registry, or all repositories beneath a path in it: `host[:port][/path]`.
///
/// [#parse] takes only hosts that images can name: `acme/app` would be on Docker Hub, and so would
/// an image from a host `acme`.
///
/// @param path without a slash at either end; empty for the whole registry
public record RepositoryPrefix(RegistryAddress address, String path) {
  // The path components of the distribution reference grammar.
  private static final Pattern PATH =
      Pattern.compile("[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*");

  /// @throws IllegalArgumentException if the path has not the form of a repository's name
  public RepositoryPrefix {
    if (!path.isEmpty() && !PATH.matcher(path).matches()) {
      throw new IllegalArgumentException("not the path of a repository: " + path);
    }
  }

  /// @throws IllegalArgumentException with the hint of [#mistakeIn]
  public static RepositoryPrefix parse(String text) {
    mistakeIn(text)
        .ifPresent(
            mistake -> {
              throw new IllegalArgumentException(mistake);
            });
    int slash = text.indexOf('/');
    return slash < 0
        ? new RepositoryPrefix(new RegistryAddress(text), "")
        : new RepositoryPrefix(
            new RegistryAddress(text.substring(0, slash)), text.substring(slash + 1));
  }

  /// What is wrong with a text as a prefix, as a hint what to write; empty if nothing is.
  public static Optional<String> mistakeIn(String text) {
    if (text.contains("://")) {
      return Optional.of("Write the host and the path without a scheme.");
    }
    int slash = text.indexOf('/');
    Optional<String> mistake =
        RegistryAddress.mistakeIn(slash < 0 ? text : text.substring(0, slash));
    if (mistake.isPresent()) {
      return mistake;
    }
    if (slash >= 0 && !PATH.matcher(text.substring(slash + 1)).matches()) {
      return Optional.of(
          "Write the path in lower case, without a tag and without a slash at the end.");
    }
    return ImageReference.hasHost(slash < 0 ? text + "/" : text)
        ? Optional.empty()
        : Optional.of(
            "Write `docker.io/"
                + text
                + "` for a path on Docker Hub, or a host with a dot or a port.");
  }

  /// Whether everything beneath another prefix is also beneath this one, by component; both names
  /// of Docker Hub are the same.
  public boolean covers(RepositoryPrefix other) {
    return covers(new RepositoryName(other.address.canonical().text(), other.path));
  }

  boolean covers(RepositoryName name) {
    return address.canonical().text().equals(name.host())
        && (path.isEmpty() || name.path().equals(path) || name.path().startsWith(path + "/"));
  }

  @Override
  public String toString() {
    return path.isEmpty() ? address.text() : address + "/" + path;
  }
}
