package dev.tidewaiter.target.host.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.FileContent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropInDocumentTest {
  private static final Map<String, String> FIELDS =
      Map.of(
          "registry/docker.io", "reg.test:5000/hub",
          "registry/quay.io/acme", "quay.io/acme insecure",
          "mirror/quay.io/acme/1", "m1.test",
          "mirror/quay.io/acme/2", "m2.test:8080/quay insecure",
          "unqualified", "docker.io");

  @Test
  void isReadBackAsItsFields() {
    DropInDocument document = DropInDocument.ofFields(new TreeMap<>(FIELDS));
    assertThat(text(document))
        .isEqualTo(
            """
            # managed-by: tidewaiter; what is changed here is undone
            unqualified-search-registries = ["docker.io"]

            [[registry]]
            prefix = "docker.io"
            location = "reg.test:5000/hub"

            [[registry]]
            prefix = "quay.io/acme"
            location = "quay.io/acme"
            insecure = true

            [[registry.mirror]]
            location = "m1.test"

            [[registry.mirror]]
            location = "m2.test:8080/quay"
            insecure = true
            """);
    assertThat(DropInDocument.read(document.content())).contains(document);
    assertThat(document.fields()).isEqualTo(FIELDS);
  }

  @ParameterizedTest
  @CsvSource({
    "registry/quay.io, quay.io\" # x",
    "registry/quay.io, https://quay.io",
    "registry/quay.io, quay.io secure",
    "registry/*.io, quay.io",
    "registry/quay.io, ''",
    "mirror/quay.io/1, m1.test",
    "blocked/quay.io, present"
  })
  void refusesFieldsThatStandForNothing(String name, String value) {
    var fields = new TreeMap<>(Map.of(name, value));
    assertThatThrownBy(() -> DropInDocument.ofFields(fields))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsNothingFromWhatIsMalformed() {
    assertThat(DropInDocument.read(content("x = ["))).isEmpty();
    assertThat(DropInDocument.read(content("a = 1\na = 2\n"))).isEmpty();
  }

  private static FileContent content(String text) {
    return FileContent.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DropInDocument document) {
    return new String(document.content().bytes(), StandardCharsets.UTF_8);
  }
}
