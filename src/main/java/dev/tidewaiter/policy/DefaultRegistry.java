package dev.tidewaiter.policy;

import java.util.Optional;

/// Where images without a host are pulled from, with or without a path: `nginx`, `library/nginx`,
/// `acme/app`.
///
/// What is a host is decided as [dev.tidewaiter.model.ImageReference] does. `docker.io/nginx` has
/// one, and stays.
public record DefaultRegistry(RepositoryPrefix prefix, LibraryPrefix library) {
  /// What an image becomes; empty if it has a host, or is no image reference. Applied to its own
  /// result it is empty.
  public Optional<String> rewrite(String image) {
    throw new UnsupportedOperationException("not yet: " + image);
  }
}
