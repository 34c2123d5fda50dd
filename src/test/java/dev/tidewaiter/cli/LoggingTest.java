package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @AfterEach
  void restore() throws JoranException {
    System.setErr(before);
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    @Nullable URL file = LoggingTest.class.getResource("/logback-of-tests.xml");
    assertThat(file).isNotNull();
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    if (file != null) {
      configurator.doConfigure(file);
    }
  }

  @Test
  void writesTheMessageAndItsKeysAndValuesOnALine() {
    configure(Level.INFO, Logging.Format.TEXT);
    log("dev.tidewaiter.reconcile.Cycle");
    assertThat(lines())
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  change applied resource=\\S+\n");
    assertThat(lines()).contains("resource=Secret/shop/pull");
  }

  @Test
  void aValueNeitherSteersTheTerminalNorMakesALine() {
    configure(Level.INFO, Logging.Format.TEXT);
    LoggerFactory.getLogger("dev.tidewaiter.reconcile.Cycle")
        .atInfo()
        .setMessage("policy tried")
        .addKeyValue("detail", Hostile.IMAGE)
        .log();
    assertThat(lines()).endsWith(" INFO  policy tried detail=" + Hostile.SHOWN + "\n");
    assertThat(lines().lines()).hasSize(1);
  }

  @Test
  void writesJson() {
    configure(Level.INFO, Logging.Format.JSON);
    log("dev.tidewaiter.reconcile.Cycle");
    JsonNode line = JsonMapper.shared().readTree(lines());
    assertThat(line.get("message").asString()).isEqualTo("change applied");
    assertThat(line.get("level").asString()).isEqualTo("INFO");
    assertThat(line.get("kvpList").get(0).get("resource").asString()).isEqualTo("Secret/shop/pull");
  }

  @Test
  void librariesStayQuietAtAnyLevel() {
    configure(Level.TRACE, Logging.Format.TEXT);
    log("io.fabric8.kubernetes.client");
    log("org.eclipse.jgit.transport");
    log("org.apache.hc.client5.http.headers");
    log("org.apache.hc.client5.http.wire");
    java.util.logging.Logger.getLogger("io.helidon.webserver").info("must not be written");
    assertThat(lines()).isEmpty();
    LoggerFactory.getLogger("dev.tidewaiter.cli").atTrace().setMessage("ours").log();
    assertThat(lines()).contains("ours");
  }

  @Test
  void warningsOfTheJdksLoggersArriveInOurForm() {
    configure(Level.INFO, Logging.Format.TEXT);
    java.util.logging.Logger.getLogger("io.helidon.webserver").warning("from afar");
    assertThat(lines()).endsWith(" WARN  from afar \n");
  }

  private void configure(Level level, Logging.Format format) {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    Logging.configure(level, format);
  }

  private static void log(String logger) {
    LoggerFactory.getLogger(logger)
        .atInfo()
        .setMessage("change applied")
        .addKeyValue("resource", "Secret/shop/pull")
        .log();
  }

  private String lines() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
