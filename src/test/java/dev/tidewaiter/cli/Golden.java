package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Output as it is known to be right, in files beside the tests.
final class Golden {
  private Golden() {}

  static void assertEqual(String name, String output) throws IOException {
    assertThat(output).isEqualTo(text(name));
  }

  /// Empty if there is no such file.
  static String text(String name) throws IOException {
    try (@Nullable InputStream file = Golden.class.getResourceAsStream(name)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
