package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.OneShotResult;
import dev.tidewaiter.reconcile.Reason;
import dev.tidewaiter.reconcile.RoundResult;
import dev.tidewaiter.reconcile.Standing;
import dev.tidewaiter.reconcile.TargetStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// What `apply` and `diff` print, also in [PlanDocument]'s form.
class OneShotOutputTest {
  @ParameterizedTest
  @CsvSource({"TEXT,txt", "JSON,json", "YAML,yaml", "MARKDOWN,md"})
  void printsEverythingInEveryForm(OutputFormat format, String suffix) throws IOException {
    assertThat(printed(result(Reports.mixed()), format)).isEqualTo(golden("mixed." + suffix));
  }

  @ParameterizedTest
  @CsvSource({"TEXT,txt", "JSON,json", "YAML,yaml", "MARKDOWN,md"})
  void printsWhatNewDenialsWouldDo(OutputFormat format, String suffix) throws IOException {
    assertThat(printed(result(Reports.denying()), format)).isEqualTo(golden("denying." + suffix));
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void showsNoSeal(OutputFormat format) {
    assertThat(printed(result(Reports.mixed()), format)).doesNotContain("must not be shown");
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void nothingSteersWhoeverReadsIt(OutputFormat format) {
    Hostile.assertHarmless(printed(result(Hostile.report()), format));
  }

  @Test
  void showsWhatWasEscaped() {
    assertThat(printed(result(Hostile.report()), OutputFormat.TEXT))
        .contains("\n        " + Hostile.SHOWN + ": " + Hostile.SHOWN + "\n")
        .contains("\n  failed: Secret/shop/pull: Rejected: " + Hostile.SHOWN + "\n");
  }

  @Test
  void programsReadWhatTheWorkloadWrites() {
    String json = printed(result(Hostile.report()), OutputFormat.JSON);
    assertThat(JsonMapper.shared().readTree(json).findValue("image").asString())
        .isEqualTo(Hostile.IMAGE);
  }

  @Test
  void saysIfNothingConcernsTheTargets() {
    var nothing = new OneShotResult(result(Reports.mixed()).round(), List.of());
    assertThat(printed(nothing, OutputFormat.TEXT))
        .endsWith("No environment in force concerns this daemon's targets.\n");
    assertThat(printed(nothing, OutputFormat.MARKDOWN))
        .endsWith("No environment in force concerns this daemon's targets.\n");
  }

  private static OneShotResult result(CycleReport report) {
    var problem =
        new Problem(new Place("quay.yaml", 4, 7), "`adress` is no property.", "Write `address`.");
    var standing =
        new Standing(new Revision("b".repeat(40)), null, List.of(problem), null, null, false);
    var orphaned = new Condition(Reason.Orphaned, "environment staging is declared no more");
    return new OneShotResult(
        new RoundResult(1, "apply", Instant.EPOCH, standing, Map.of()),
        List.of(new TargetStatus("cluster/prod-eu", List.of(orphaned), List.of(report))));
  }

  private static String printed(OneShotResult result, OutputFormat format) {
    var text = new StringWriter();
    Output.print(new OneShotOutput(result), format, new PrintWriter(text));
    return text.toString();
  }

  private static String golden(String name) throws IOException {
    try (@Nullable InputStream file =
        OneShotOutputTest.class.getResourceAsStream("oneshot/" + name)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
