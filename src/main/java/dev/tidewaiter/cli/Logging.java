package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Where log lines go: standard error, so that standard output holds nothing but a command's
/// result.
final class Logging {
  /// How a log line looks.
  enum Format {
    TEXT,
    JSON
  }

  private Logging() {}

  /// Replaces whatever was configured before.
  ///
  /// The libraries' own loggers stay at WARN or above at any level asked for: their debug output
  /// quotes requests and responses, and those carry credentials.
  static void configure(Level level, Format format) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    bridgeJavaLogging();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, format));
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.WARN);
    context.getLogger("dev.tidewaiter").setLevel(level);
  }

  // Helidon and Vert.x log through the JDK, which would print to standard error in a form of its
  // own.
  private static void bridgeJavaLogging() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
    return switch (format) {
      case TEXT -> {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %msg %kvp{NONE}%n%ex");
        encoder.start();
        yield encoder;
      }
      case JSON -> {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.start();
        yield encoder;
      }
    };
  }
}
