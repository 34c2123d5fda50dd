package dev.tidewaiter.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/// All log lines while it is open: our own all, and the libraries' from a level, which is WARN in a
/// daemon that was started with `--verbose`.
public final class RecordedLogs implements AutoCloseable {
  private final Logger root = logger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger own = logger("dev.tidewaiter");
  private final Level rootBefore = root.getLevel();
  private final Level ownBefore = own.getLevel();
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  public RecordedLogs() {
    this(Level.WARN);
  }

  /// @param ofLibraries their lowest level
  public RecordedLogs(Level ofLibraries) {
    events.start();
    root.addAppender(events);
    root.setLevel(ofLibraries);
    own.setLevel(Level.TRACE);
  }

  /// The lines so far, with their key-values and stack traces.
  public String text() {
    var text = new StringBuilder();
    for (ILoggingEvent event : List.copyOf(events.list)) {
      text.append(event.getFormattedMessage()).append(event.getKeyValuePairs()).append('\n');
      if (event.getThrowableProxy() != null) {
        text.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
      }
    }
    return text.toString();
  }

  /// How often a message was logged at a level.
  public long count(Level level, String message) {
    return List.copyOf(events.list).stream()
        .filter(event -> event.getLevel().equals(level) && event.getMessage().equals(message))
        .count();
  }

  /// How often a message was logged.
  public long count(String message) {
    return List.copyOf(events.list).stream()
        .filter(event -> event.getMessage().equals(message))
        .count();
  }

  @Override
  public void close() {
    root.detachAppender(events);
    root.setLevel(rootBefore);
    own.setLevel(ownBefore);
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
