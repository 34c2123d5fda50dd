package dev.tidewaiter.policy;

import dev.tidewaiter.model.ImageReference;
import java.util.Optional;

/// Where images without a host are pulled from, with or without a path: `nginx`, `library/nginx`,
/// `acme/app`.
///
/// What is a host is decided as [ImageReference] does. `docker.io/nginx` has one, and stays.
///
/// `auto` is no image: Istio's webhook [puts its own
/// proxy](https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway) in its
/// place, and only there, after policies of the API server have run.
///
/// Images that Docker Hub tells apart stay apart: only `library/nginx` is the same as `nginx`, so
/// [LibraryPrefix#DROP] leaves `library/acme/app` as it is, which is not `acme/app`.
public record DefaultRegistry(RepositoryPrefix prefix, LibraryPrefix library) {
  /// Stands for an image that a webhook fills in.
  public static final String AUTO = "auto";

  private static final String LIBRARY = "library/";

  /// What an image becomes; empty if it has a host, is [#AUTO], or is no image reference. Applied
  /// to its own result it is empty.
  public Optional<String> rewrite(String image) {
    return image.equals(AUTO)
            || ImageReference.hasHost(image)
            || ImageReference.parse(image).isEmpty()
        ? Optional.empty()
        : Optional.of(prefix + "/" + moved(image));
  }

  private String moved(String image) {
    boolean bare = image.indexOf('/') < 0;
    return switch (library) {
      case KEEP -> bare ? LIBRARY + image : image;
      case DROP ->
          image.lastIndexOf('/') == LIBRARY.length() - 1 && image.startsWith(LIBRARY)
              ? image.substring(LIBRARY.length())
              : image;
    };
  }
}
