package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Place;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Files that are hardly YAML. What can be written as a text file is in the corpus.
class YamlReaderTest {
  private static Documents read(byte[] bytes) {
    return YamlReader.read("f.yaml", bytes);
  }

  private static Documents read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void pointsAtTheFirstByteThatIsNotUtf8() {
    byte[] bytes = "a: ä\nb: x?\n".getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 2] = (byte) 0xff;
    assertThat(read(bytes).problems())
        .singleElement()
        .satisfies(p -> assertThat(p.place()).isEqualTo(new Place("f.yaml", 2, 5)))
        .satisfies(p -> assertThat(p.message()).isEqualTo("A byte here is not UTF-8."));
  }

  @Test
  void refusesASequenceThatEndsTooEarly() {
    assertThat(read(new byte[] {'a', (byte) 0xe2, (byte) 0x82}).problems()).hasSize(1);
  }

  @Test
  void refusesABinaryFile() {
    assertThat(read(new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2}).problems())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).isEqualTo("The file is not text."));
  }

  @Test
  void refusesUtf16() {
    assertThat(read("a: b\n".getBytes(StandardCharsets.UTF_16)).problems()).hasSize(1);
  }

  @Test
  void refusesControlCharacters() {
    assertThat(read("a: \u0007\n").problems())
        .singleElement()
        .satisfies(
            p -> assertThat(p.message()).isEqualTo("A control character is not allowed in YAML."));
  }

  @Test
  void stopsAtTooManyDocuments() {
    Documents documents = read("--- a\n".repeat(TreeBuilder.MAX_DOCUMENTS + 1));
    assertThat(documents.documents()).hasSize(TreeBuilder.MAX_DOCUMENTS);
    assertThat(documents.problems()).hasSize(1);
    assertThat(documents.complete()).isFalse();
  }

  @Test
  void stopsAtTooManyValues() {
    Documents most = read("[" + "1,".repeat(TreeBuilder.MAX_VALUES - 1) + "]");
    assertThat(most.problems()).isEmpty();
    Documents more = read("[" + "1,".repeat(TreeBuilder.MAX_VALUES) + "]");
    assertThat(more.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).isEqualTo("A file has at most 30000 values."));
    assertThat(more.complete()).isFalse();
  }

  @Test
  void keepsOneProblemOfAHundredThousand() {
    Documents documents = read("a: 1\n".repeat(200_000));
    assertThat(documents.problems()).hasSize(TreeBuilder.MAX_PROBLEMS + 1);
    assertThat(documents.problems().getLast().message())
        .isEqualTo("The file has too many problems to be read on.");
    assertThat(documents.complete()).isFalse();
  }

  @Test
  void stopsAtKeysThatAreTooLongForTheirPlacesToBeKept() {
    String label = "k".repeat(253) + "/" + "k".repeat(63);
    String labels = "spec: {namespaces: {selector: {matchLabels: {? " + label + " : x}}}}";
    assertThat(read(labels).problems()).isEmpty();
    Documents documents = read("? " + "k".repeat(TreeBuilder.MAX_POINTER) + "\n: {a: 1, b: 2}\n");
    assertThat(documents.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.message()).startsWith("A key and those around it have"));
    assertThat(documents.complete()).isFalse();
  }

  /// Their hashes are neighbours, which a map that probes step by step takes minutes for.
  @Test
  void readsKeysThatCountInSeconds() {
    var keys = new StringBuilder("? " + "k".repeat(480) + "\n: {");
    for (int i = 0; i < TreeBuilder.MAX_VALUES - 2; i++) {
      keys.append('k').append(i).append(": 1, ");
    }
    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> assertThat(read(keys + "}").problems()).isEmpty());
  }

  @Test
  void survivesAMillionBrackets() {
    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> assertThat(read("[".repeat(1_000_000)).problems()).hasSize(1));
  }

  @Test
  void doesNotExpandABillionLaughs() {
    var bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> assertThat(read(bomb.toString()).problems()).hasSizeGreaterThan(100));
  }

  @Test
  void keepsWhatStandsBeforeAMistake() {
    Documents documents = read("a: b\n---\nc: [\n");
    assertThat(documents.documents()).hasSize(1);
    assertThat(documents.complete()).isFalse();
  }

  @Test
  void readsScalarsByTheCoreSchema() {
    Document document =
        read("{a: yes, b: 0x1F, c: 0o17, d: '5', e: ~, f: 1_000, g: true, h: 1.5, i: .inf}")
            .documents()
            .getFirst();
    assertThat(document.root().toString())
        .isEqualTo(
            "{\"a\":\"yes\",\"b\":31,\"c\":15,\"d\":\"5\",\"e\":null,\"f\":\"1_000\","
                + "\"g\":true,\"h\":1.5,\"i\":\".inf\"}");
  }

  @Test
  void knowsWhereEverythingStands() {
    Document document = read("# note\na:\n  - b: 1\n    c/d: x\n").documents().getFirst();
    assertThat(document.placeOf("/a/0/b")).isEqualTo(new Place("f.yaml", 3, 8));
    assertThat(document.keyPlaceOf("/a/0/c~1d")).isEqualTo(new Place("f.yaml", 4, 5));
    assertThat(document.placeOf("/a/0/missing/deeper")).isEqualTo(new Place("f.yaml", 3, 5));
  }
}
