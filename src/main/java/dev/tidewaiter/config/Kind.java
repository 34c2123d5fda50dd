package dev.tidewaiter.config;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A kind of document, with the schema that describes it.
enum Kind {
  REGISTRY("Registry", "registry"),
  REGISTRY_POLICY("RegistryPolicy", "registry-policy"),
  ENVIRONMENT("Environment", "environment"),
  DAEMON("Daemon", "daemon");

  /// What stands in `apiVersion` of every document.
  static final String API_VERSION = "tidewaiter.dev/v1";

  private final String word;
  private final String file;

  Kind(String word, String file) {
    this.word = word;
    this.file = file;
  }

  /// What stands in `kind`.
  String word() {
    return word;
  }

  /// Where the schema is on the class path.
  String resource() {
    return "/dev/tidewaiter/schema/" + file + ".schema.json";
  }

  /// The kinds that a config repository may have.
  static List<String> declared() {
    return Arrays.stream(values()).filter(k -> k != DAEMON).map(Kind::word).toList();
  }

  /// @return null if there is no such kind
  static @Nullable Kind find(String word) {
    return Arrays.stream(values()).filter(k -> k.word.equals(word)).findFirst().orElse(null);
  }
}
