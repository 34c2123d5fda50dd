package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.pattern.CompositeConverter;
import dev.tidewaiter.model.Visible;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Where log lines go: standard error, so that standard output holds nothing but a command's
/// result.
final class Logging {
  /// How a log line looks.
  enum Format {
    TEXT,
    JSON;

    /// As it is written on the command line.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
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
        var layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("visible", VisibleText::new);
        layout.setPattern("%d{HH:mm:ss.SSS} %-5level %visible(%msg %kvp{NONE}){}%n%ex");
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(layout);
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

  /// One event is one line, and its values, which others may have chosen, steer no terminal.
  private static final class VisibleText extends CompositeConverter<ILoggingEvent> {
    @Override
    protected String transform(ILoggingEvent event, String text) {
      return Visible.of(text);
    }
  }
}
