package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.FileContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class JsonDocumentTest {
  private static final HostPath PATH = new HostPath("etc/docker/daemon.json");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"list\":[\"a\"]}",
        "{\"list\":[\"a\",\"b\"],\"z\":1.10,\"a\":[{}]}",
        "{\n  \"list\": [\n    \"a\"\n  ]\n}\n",
        "{\r\n\t\"z\": \"\\u00e9 é \\\"]\\\"\",\r\n\t\"list\" : [ \"a\" , \"b\" ],\r\n\t\"y\": null\r\n}",
        "{\"nested\": {\"list\": [\"new.test\"]}, \"list\": [\"[\", \"]\"]}",
        "{\"big\": 123456789012345678901234567890, \"list\": [\"a\"]}"
      })
  void isTheSameAgainAfterAnElementCameAndWent(String text) throws Exception {
    JsonDocument with = document(text).withElement("list", "new.test");
    assertThat(with.tree().get("list").toString()).endsWith(",\"new.test\"]");
    assertThat(text(with.without("list", "new.test"))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}", "{\n\t\"a\": 1\n}", "{ \"a\": {\"b\": []} }"})
  void isTheSameAgainAfterAKeyCameAndWent(String text) throws Exception {
    JsonDocument with = document(text).withElement("list", "new.test");
    assertThat(with.tree().get("list").toString()).isEqualTo("[\"new.test\"]");
    assertThat(text(with.without("list"))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": {\"b\": {\"x\": [1]}}}",
        "{\"a\": {\"b\": {\"x\": [1], \"y\" : {\"n\": 0}}},\n \"c\": {\"b\": {}}}",
        "{\"n\": 1, \"a\": {\n\t\"b\": {\n\t\t\"x\": \"}\"\n\t}\n}}"
      })
  void isTheSameAgainAfterADeepMemberCameAndWent(String text) throws Exception {
    List<String> keys = List.of("a", "b", "new.test");
    JsonDocument with = document(text).with(keys, JsonNodeFactory.instance.arrayNode().add(7));
    assertThat(with.tree().path("a").path("b").path("new.test").toString()).isEqualTo("[7]");
    assertThat(text(with.without(keys))).isEqualTo(text);
  }

  @Test
  void createsWhatIsMissingOnTheWayAndReplacesInPlace() throws Exception {
    var one = JsonNodeFactory.instance.numberNode(1);
    JsonDocument created = document("{}").with(List.of("a", "b", "c"), one);
    assertThat(created.tree().toString()).isEqualTo("{\"a\":{\"b\":{\"c\":1}}}");
    JsonDocument deep = document("{\"a\": {\"b\":  [2], \"c\": 3}}");
    assertThat(text(deep.with(List.of("a", "b"), one))).isEqualTo("{\"a\": {\"b\":  1, \"c\": 3}}");
    assertThat(text(deep.without(List.of("a", "x", "y")))).isEqualTo(text(deep));
    assertThatThrownBy(() -> deep.with(List.of("a", "c", "d"), one))
        .isInstanceOf(HostFileException.class);
  }

  @Test
  void removesTheFirstAndTheMiddleElement() throws Exception {
    JsonDocument document = document("{\"list\": [\"a\", \"b\", \"c\"]}");
    assertThat(text(document.without("list", "a"))).isEqualTo("{\"list\": [\"b\", \"c\"]}");
    assertThat(text(document.without("list", "b"))).isEqualTo("{\"list\": [\"a\", \"c\"]}");
  }

  @Test
  void replacesAMemberInItsPlace() throws Exception {
    JsonDocument document = document("{\"auths\": {\"a\": {\"x\": [1, 2]}, \"b\": {}}}");
    assertThat(text(document.withMember("auths", "a", JsonNodeFactory.instance.objectNode())))
        .isEqualTo("{\"auths\": {\"a\": {}, \"b\": {}}}");
  }

  @Test
  void writesAnObjectWhereNothingIs() throws Exception {
    JsonDocument document = JsonDocument.parse(PATH, Optional.empty());
    assertThat(text(document.withElement("list", "a"))).isEqualTo("{\n  \"list\": [\"a\"]\n}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"list\": {}}", "{\"list\": \"a\"}", "{\"list\": null}"})
  void refusesAnotherType(String text) throws Exception {
    JsonDocument document = document(text);
    assertThatThrownBy(() -> document.withElement("list", "a"))
        .isInstanceOf(HostFileException.class)
        .hasMessage("/etc/docker/daemon.json: `list` is no array.");
  }

  private static JsonDocument document(String text) throws HostFileException {
    return JsonDocument.parse(
        PATH, Optional.of(FileContent.of(text.getBytes(StandardCharsets.UTF_8))));
  }

  private static String text(JsonDocument document) {
    return new String(document.content().bytes(), StandardCharsets.UTF_8);
  }
}
