package dev.tidewaiter.target.kubernetes.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Exemption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CelTest {
  @Test
  void noTextEndsItsLiteral() {
    assertThat(Cel.text("it's \"one\"")).isEqualTo("'it\\'s \"one\"'");
    assertThat(Cel.text("\\")).isEqualTo("'\\\\'");
    assertThat(Cel.text("\\'+true+'")).isEqualTo("'\\\\\\'+true+\\''");
  }

  @Test
  void escapesWhatCannotBeSeen() {
    assertThat(Cel.text("a\nb\u0000\u007f")).isEqualTo("'a\\U0000000ab\\U00000000\\U0000007f'");
    assertThat(Cel.text("\u0430\ud83d\udea2")).isEqualTo("'\\U00000430\\U0001f6a2'");
  }

  @Test
  void writesListsAndMapsInTheirOrder() {
    assertThat(Cel.list(List.of("b", "a"))).isEqualTo("['b', 'a']");
    assertThat(Cel.map(new TreeMap<>(Map.of("b", "", "a", "1")))).isEqualTo("{'a': '1', 'b': ''}");
  }

  @Test
  void onlyTheAsteriskOfAPatternMeansSomething() {
    var exemption = new Exemption(List.of("kube-*", "a.b*", "shop"), List.of("*"));

    assertThat(Match.governed(exemption).path("expression").asString())
        .isEqualTo(
            "request.namespace == 'tidewaiter-proof' || (!(request.namespace in ['shop']"
                + " || request.namespace.matches('^a\\\\x{2e}b.*$')"
                + " || request.namespace.matches('^kube-.*$'))"
                + " && (request.namespace.matches('^.*$')))");
  }

  @Test
  void governsEverythingWhereNothingIsExempt() {
    var none = new Exemption(List.of(), List.of());

    assertThat(Match.governed(none).path("expression").asString()).isEqualTo("true");
  }
}
