package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Secret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class MintRecordsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final Issuance ISSUANCE =
      new Issuance("ecr/test", START, START.plus(Duration.ofHours(12)));
  private static final Credential TOKEN = credential("twenty characters it ");

  @Test
  void readsWhatItWroteToTheNanosecond() {
    Content content = Content.empty();
    content.put("a.example", TOKEN);
    content.put("b.example", TOKEN);

    MintRecords read = read(content.records().text(), content.config());

    assertThat(read).isEqualTo(content.records());
    assertThat(read.find("a.example")).isEqualTo(ISSUANCE);
    assertThat(read.find("c.example")).isNull();
  }

  @Test
  void isOfNoEntryButTheOneThatWasWritten() {
    Content content = Content.empty();
    content.put("a.example", TOKEN);
    var another = DockerConfig.empty();
    another.put("a.example", credential("not the one that was written"));

    assertThat(read(content.records().text(), another)).isEqualTo(MintRecords.none());
    assertThat(read(content.records().text(), DockerConfig.empty())).isEqualTo(MintRecords.none());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "\"text\"",
        "{\"a.example\": []}",
        "{\"a.example\": {\"digest\": \"DIGEST\"}}",
        "{\"a.example\": {\"digest\": \"DIGEST\", \"identity\": \"x\", \"issuedAt\": \"2026-01-01T00:00:00Z\", \"expiresAt\": \"tomorrow\"}}",
        "{\"a.example\": {\"digest\": \"DIGEST\", \"identity\": \"x\", \"issuedAt\": \"2026-01-02T00:00:00Z\", \"expiresAt\": \"2026-01-01T00:00:00Z\"}}",
        "{\"a.example\": {\"digest\": \"\", \"identity\": \"x\", \"issuedAt\": \"2026-01-01T00:00:00Z\", \"expiresAt\": \"2026-01-02T00:00:00Z\"}}"
      })
  void recordsNothingWhereItIsMalformed(String annotation) {
    var config = DockerConfig.empty();
    config.put("a.example", TOKEN);

    String text = annotation.replace("DIGEST", config.digest("a.example"));

    assertThat(read(text, config)).isEqualTo(MintRecords.none());
  }

  @Test
  void hasNoRecordOfShortPasswordsAndOfLongLivedOnes() {
    Content content = Content.empty();
    content.put("a.example", TOKEN);
    content.put("a.example", credential("nineteen characters"));
    content.put("b.example", new Credential(TOKEN.username(), TOKEN.password(), null, null));

    assertThat(content.records().text()).isNull();
  }

  @Test
  void forgetsTheRecordsThatDoNotFitBesideTheSecret() {
    Content content = Content.empty();
    for (int i = 0; i < 1000; i++) {
      content.put(i + ".example", TOKEN);
    }

    assertThat(content.records().text()).isNull();
  }

  private static Credential credential(String password) {
    return new Credential(Secret.of("AWS"), Secret.of(password), null, ISSUANCE);
  }

  private static MintRecords read(@Nullable String annotation, DockerConfig config) {
    ObjectNode metadata = Json.object();
    metadata.putObject("annotations").put(Marks.MINTED, annotation);
    JsonNode read = metadata;
    return MintRecords.of(read, config);
  }
}
