package dev.tidewaiter.endtoend;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Reads YAML, of which JSON is a part, to compare what both say.
final class Yaml {
  private Yaml() {}

  static @Nullable Object read(String text) {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }
}
