package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.ForeignYaml.Content;
import dev.tidewaiter.model.Place;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ForeignYamlTest {
  @Test
  void readsWhatOthersWrite() {
    List<JsonNode> roots =
        documents(
            """
            --- # nothing
            ---
            same: &same {a: 1}
            again: *same
            again: {b: 2}
            1: number
            ---
            {"json": [true, null, "text"]}
            """);
    assertThat(roots).hasSize(2);
    assertThat(roots.getFirst().at("/again/b").asInt()).isEqualTo(2);
    assertThat(roots.getFirst().path("1").asString()).isEqualTo("number");
    assertThat(roots.getLast().at("/json/2").asString()).isEqualTo("text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: [1\nb: 2",
        "\tx",
        "a: !Ref b",
        "a: *unknown",
        "a: &a [*a]",
        "a: \u0000",
        "? [a]\n: &x {? *x : 1}"
      })
  void knowsNothingOfWhatIsBroken(String text) {
    assertThat(ForeignYaml.read("x.yaml", text)).isInstanceOf(Content.Malformed.class);
  }

  @Test
  void isNotBlownUpByAliases() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String alias = "*a" + (i - 1);
      text.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(5, alias))));
    }
    assertThat(ForeignYaml.read("x.yaml", text.toString())).isInstanceOf(Content.Malformed.class);
  }

  @Test
  void saysWhereReadingEnded() {
    assertThat(ForeignYaml.read("x.yaml", "a: [1\nb: 2"))
        .isEqualTo(new Content.Malformed(new Place("x.yaml", 2, 2)));
  }

  private static List<JsonNode> documents(String text) {
    return switch (ForeignYaml.read("x.yaml", text)) {
      case Content.Documents(List<JsonNode> roots) -> roots;
      case Content.Malformed malformed -> throw new AssertionError(malformed.toString());
    };
  }
}
