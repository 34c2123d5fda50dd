package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.testing.RecordedLogs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A recognisable value that stands in every place where a secret may be, and a watch over all
/// output for it.
final class Canary implements AutoCloseable {
  /// Part of every secret value of these tests.
  static final String VALUE = "canary-7f3a91";

  private final RecordedLogs logs = new RecordedLogs(Level.TRACE);
  private final List<String> outputs = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>(List.of(VALUE));

  Canary() {
    secrets.add(Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8)));
  }

  /// A value that must not appear either: a token that Vault made.
  String guard(String secret) {
    secrets.add(secret);
    return secret;
  }

  /// Something that people may see.
  void saw(Object output) {
    outputs.add(output.toString());
  }

  /// How often a message was logged.
  long logged(String message) {
    return logs.count(message);
  }

  /// @throws AssertionError if any output contains a secret
  @Override
  public void close() {
    logs.close();
    outputs.add(logs.text());
    assertThat(outputs)
        .allSatisfy(output -> secrets.forEach(secret -> assertThat(output).doesNotContain(secret)));
  }
}
