package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.cli.impact.Affected;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImpactDocumentTest {
  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void nothingSteersWhoeverReadsIt(OutputFormat format) {
    Hostile.assertHarmless(printed(format));
  }

  @Test
  void showsWhatWasEscaped() {
    assertThat(printed(OutputFormat.TEXT))
        .contains("\n  denied   Pod/shop/web: " + Hostile.SHOWN + "\n    " + Hostile.SHOWN + "\n");
    assertThat(printed(OutputFormat.MARKDOWN))
        .contains("| denied | `Pod/shop/web` | `x\\u001b[2J ''' # forged '\\|' \\u202e");
  }

  private static String printed(OutputFormat format) {
    var entry =
        new Affected.Entry("Denied", "Pod", "shop", "web", false, Hostile.IMAGE, Hostile.IMAGE);
    var activation = new Affected.Activation(1, 0, List.of(Hostile.IMAGE), true, "main", null);
    var affected =
        new Affected(
            "production", "prod-eu", null, activation, List.of(Hostile.IMAGE), List.of(entry));
    var document =
        new ImpactDocument(
            "a".repeat(40),
            "b".repeat(40),
            "2026-11-21T00:00:00Z",
            1,
            List.of(Hostile.IMAGE),
            List.of(affected));
    var text = new StringWriter();
    Output.print(document, format, new PrintWriter(text));
    return text.toString();
  }
}
