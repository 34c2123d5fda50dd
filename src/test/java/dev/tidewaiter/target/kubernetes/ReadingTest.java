package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ReadingTest {
  private static final ResourceId ID = new ResourceId(ResourceKind.PULL_SECRET, "shop", "pull");
  private static final String FIELD = "auths/registry.acme.example";

  private final Sealer sealer = Sealer.withRandomKey();
  private final Reading reading = new Reading(sealer);

  @Test
  void whatCameBackAsSentHasTheFieldsThatWereSent() {
    String content = content("password-as-sent");
    SortedMap<String, FieldValue> sent = fields("password-as-sent");
    Seen.SeenSecret seen = reading.secret(answer(content), content, sent);
    assertThat(seen.fields()).isSameAs(sent);
    assertThat(reading.secret(answer(content)).fields()).isEqualTo(sent);
  }

  @Test
  void whatAWebhookReplacedIsReadAsItCameBack() {
    Seen.SeenSecret seen =
        reading.secret(
            answer(content("password-of-a-webhook")),
            content("password-as-sent"),
            fields("password-as-sent"));
    assertThat(seen.fields()).isEqualTo(fields("password-of-a-webhook"));
  }

  @Test
  void whatAWebhookAddedIsSeen() {
    String content = content("password-as-sent");
    ObjectNode answer = answer(content);
    ((ObjectNode) answer.path("data")).put("added-by-a-webhook", "YQ==");
    assertThat(reading.secret(answer, content, fields("password-as-sent")).fields())
        .containsKey("more/data");
  }

  private SortedMap<String, FieldValue> fields(String password) {
    var fields = new TreeMap<String, FieldValue>();
    fields.put(
        FIELD, new FieldValue.Sealed(sealer.seal(ID, FIELD, credential(password).sealable())));
    return fields;
  }

  private static String content(String password) {
    var config = DockerConfig.empty();
    config.put(FIELD.substring(PullSecrets.FIELD.length()), credential(password));
    return config.base64();
  }

  private static Credential credential(String password) {
    return new Credential(Secret.of("robot"), Secret.of(password), null, null);
  }

  private static ObjectNode answer(String content) {
    ObjectNode secret = Json.object().put("type", DockerConfig.TYPE);
    secret.putObject("metadata").put("namespace", ID.scope()).put("name", ID.name());
    secret.putObject("data").put(DockerConfig.KEY, content);
    return secret;
  }
}
