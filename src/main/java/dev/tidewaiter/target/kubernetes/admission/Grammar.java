package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;

/// The grammar of image references in CEL: [dev.tidewaiter.model.ImageReference] and
/// [DefaultRegistry#rewrite], said once more.
///
/// The patterns are of RE2, where `$` is the end of the text alone. Each stays small, since the
/// server charges by the length of the text times that of the pattern.
final class Grammar {
  /// The longest text that is an image reference, and the longest repository.
  static final int LONGEST = 1024;

  static final int LONGEST_REPOSITORY = 255;

  /// An image whose part before the first `/` is a host.
  static final String NAMES_HOST = "^([^/]*[.:A-Z][^/]*|localhost)/";

  static final String HOST =
      "^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
          + "|\\[[a-fA-F0-9:]+\\])(:[1-9][0-9]*)?$";

  /// Path, tag and digest.
  static final String REST =
      "^[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*"
          + "(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?"
          + "(@(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}))?$";

  /// The id of an image, which may be short after its algorithm.
  static final String IDENTIFIER = "^([a-f0-9]{64}|sha(256|384|512):[a-f0-9]+)$";

  private Grammar() {}

  /// Whether an image is a reference at all.
  ///
  /// @param name a map with `image`, `host`, `rest`, and the `path` with `library/`
  static String isReference(String name) {
    return """
    %1$s.image.size() <= %2$d && %1$s.path.size() <= %3$d && !%1$s.image.matches(%4$s)
      && (%1$s.host == '' || %1$s.host.matches(%5$s)) && %1$s.rest.matches(%6$s)\
    """
        .formatted(
            name,
            LONGEST,
            LONGEST_REPOSITORY,
            Cel.text(IDENTIFIER),
            Cel.text(HOST),
            Cel.text(REST));
  }

  /// Whether an image is a reference without a host, and not [DefaultRegistry#AUTO].
  ///
  /// @param image an expression of type string
  static String isHostless(String image) {
    return "%1$s != %8$s && !%1$s.matches(%2$s) && %1$s.size() <= %3$d && %1$s.matches(%4$s) && !%1$s.matches(%5$s) && %6$s.size() <= %7$d"
        .formatted(
            image,
            Cel.text(NAMES_HOST),
            LONGEST,
            Cel.text(REST),
            Cel.text(IDENTIFIER),
            hubRepository(path(image)),
            LONGEST_REPOSITORY,
            Cel.text(DefaultRegistry.AUTO));
  }

  /// What a default registry makes of a reference without a host.
  static String rewritten(String image, DefaultRegistry registry) {
    String prefix = Cel.text(registry.prefix() + "/");
    return registry.library() == LibraryPrefix.KEEP
        ? "%s + %s".formatted(prefix, hubRepository(image))
        : "%1$s + (%2$s.matches('^library/[^/]+$') ? %2$s.substring(8) : %2$s)"
            .formatted(prefix, image);
  }

  /// What stands before tag and digest.
  static String path(String rest) {
    return "%s.split('@')[0].split(':')[0]".formatted(rest);
  }

  /// A path at Docker Hub: a name alone is beneath `library/`. Tags and digests have no slash.
  static String hubRepository(String path) {
    return "(%1$s.contains('/') ? %1$s : 'library/' + %1$s)".formatted(path);
  }
}
