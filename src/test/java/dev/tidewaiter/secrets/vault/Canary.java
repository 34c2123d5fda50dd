package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// A recognisable value that stands in every place where a secret may be, and a watch over all
/// output for it.
final class Canary implements AutoCloseable {
  /// Part of every secret value of these tests.
  static final String VALUE = "canary-7f3a91";

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger own = (Logger) LoggerFactory.getLogger("dev.tidewaiter");
  private final Level rootBefore = root.getLevel();

  /// Set in a process in which a command ran before; null for the root's.
  private final @Nullable Level ownBefore = own.getLevel();

  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final List<String> outputs = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>(List.of(VALUE));

  Canary() {
    secrets.add(Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8)));
    events.start();
    root.addAppender(events);
    root.setLevel(Level.TRACE);
    own.setLevel(Level.TRACE);
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
    return List.copyOf(events.list).stream()
        .filter(event -> event.getMessage().equals(message))
        .count();
  }

  /// @throws AssertionError if any output contains a secret
  @Override
  public void close() {
    root.detachAppender(events);
    root.setLevel(rootBefore);
    own.setLevel(ownBefore);
    for (ILoggingEvent event : List.copyOf(events.list)) {
      outputs.add(event.getFormattedMessage() + event.getKeyValuePairs());
      if (event.getThrowableProxy() != null) {
        outputs.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }
    assertThat(outputs)
        .allSatisfy(output -> secrets.forEach(secret -> assertThat(output).doesNotContain(secret)));
  }
}
