package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tokens that live twelve hours, in Secrets of a real API server.
class MintedEntriesIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LIFE = Duration.ofHours(12);
  private static final String ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
  private static final String OTHER = "210987654321.dkr.ecr.eu-central-1.amazonaws.com";
  private static final List<Outcome> WRITTEN = List.of(new Outcome.Applied());

  private final KubeApiServer server = KubeApiServer.shared();
  private final String instance = KubeApiServer.uniqueName("instance");
  private final String namespace = server.createNamespace("shop");
  private Daemon daemon = Daemon.open(server, instance);

  @BeforeEach
  void prepare() throws TargetException {
    daemon.target().prepare(ENVIRONMENT, Set.of(secret(namespace)));
  }

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  void reportsAnEntryAsMintedAlsoAfterARestart() throws TargetException {
    Credential token = token("first", START);
    assertThat(daemon.converge(namespace, Map.of(ECR, token))).isEqualTo(WRITTEN);

    assertThat(observed(ECR)).isEqualTo(minted(ECR, token));
    restart();
    assertThat(observed(ECR)).isEqualTo(minted(ECR, token));
    assertThat(annotation())
        .contains("\"identity\":\"ecr/test\"", "\"expiresAt\":\"2026-01-01T12:00:00Z\"")
        .doesNotContain("token-");
  }

  @Test
  void refreshesAtHalfOfTheLifeInPlaceWithOneRequest() throws TargetException {
    daemon.converge(namespace, Map.of(ECR, token("first", START)));
    String uid = read().getMetadata().getUid();
    int line = server.audit().size();
    Credential second = token("second", START.plus(Duration.ofHours(6)));

    assertThat(daemon.converge(namespace, Map.of(ECR, second))).isEqualTo(WRITTEN);

    assertThat(observed(ECR)).isEqualTo(minted(ECR, second));
    assertThat(read().getMetadata().getUid()).isEqualTo(uid);
    assertThat(content()).contains("second").doesNotContain("first");
    assertThat(daemon.converge(namespace, Map.of(ECR, second))).isEmpty();
    assertThat(server.writesSince(line, Daemon.USER)).isEqualTo(1);
  }

  @Test
  void leavesAnotherTokenOfTheSameIdentityInPlace() throws TargetException {
    daemon.converge(namespace, Map.of(ECR, token("first", START)));
    restart();
    daemon.observed(secret(namespace));
    String version = read().getMetadata().getResourceVersion();

    Credential later = token("second", START.plus(Duration.ofMinutes(30)));
    Credential earlier = token("third", START.minus(Duration.ofHours(5)));
    assertThat(daemon.converge(namespace, Map.of(ECR, later))).isEmpty();
    assertThat(daemon.converge(namespace, Map.of(ECR, earlier))).isEmpty();

    assertThat(read().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void leavesATokenInPlaceThatAnotherProcessWroteAfterThePlanWasMade() {
    try (Daemon other = Daemon.open(server, instance)) {
      other.create(namespace, Map.of(ECR, token("theirs", START)));
    }

    Credential ours = token("ours", START.plus(Duration.ofMinutes(1)));
    assertThat(daemon.set(namespace, Map.of(ECR, ours))).isInstanceOf(Outcome.Unchanged.class);

    assertThat(content()).contains("theirs");
  }

  @Test
  void replacesWhatEndsMarkedlyEarlierOrIsOfAnotherIdentity() throws TargetException {
    daemon.converge(namespace, Map.of(ECR, token("first", START)));
    Credential later = token("second", START.plus(Duration.ofHours(1)));
    Credential another = token("third", START.plus(Duration.ofHours(1)), "ecr/other");

    assertThat(daemon.converge(namespace, Map.of(ECR, later))).isEqualTo(WRITTEN);
    assertThat(daemon.converge(namespace, Map.of(ECR, another))).isEqualTo(WRITTEN);

    assertThat(content()).contains("third");
    assertThat(annotation()).contains("ecr/other").doesNotContain("ecr/test");
  }

  @Test
  void correctsAnEntryThatSomebodyChangedBesideTheRecordOfIt() throws TargetException {
    Credential token = token("first", START);
    daemon.converge(namespace, Map.of(ECR, token));
    var tampered = DockerConfig.empty();
    tampered.put(ECR, token("tampered", START));
    edit(tampered);
    Await.until(LIMIT, () -> assertThat(observed(ECR)).isInstanceOf(FieldValue.Sealed.class));

    assertThat(daemon.converge(namespace, Map.of(ECR, token))).isEqualTo(WRITTEN);

    assertThat(content()).contains("first").doesNotContain("tampered");
    assertThat(observed(ECR)).isEqualTo(minted(ECR, token));
  }

  @Test
  void losesTheRecordWithTheEntryAndKeepsThoseOfOthers() throws TargetException {
    Credential second = token("second", START);
    daemon.converge(namespace, Map.of(ECR, token("first", START), OTHER, second));

    Credential basic = Daemon.credential("as long as a token, but it is none");
    assertThat(daemon.converge(namespace, Map.of(ECR, basic, OTHER, second))).isEqualTo(WRITTEN);
    assertThat(annotation()).contains(OTHER).doesNotContain(ECR);
    assertThat(observed(ECR)).isEqualTo(daemon.sealed(namespace, ECR, basic));
    assertThat(observed(OTHER)).isEqualTo(minted(OTHER, second));

    assertThat(daemon.converge(namespace, Map.of(ECR, basic))).isEqualTo(WRITTEN);
    assertThat(read().getMetadata().getAnnotations()).containsOnlyKeys(Marks.SELF);
  }

  @Test
  void recordsNothingOfAPasswordThatADigestCouldBetray() throws TargetException {
    var issuance = new Issuance("vault/test", START, START.plus(LIFE));
    Credential lease = minted("too-short", issuance);

    assertThat(daemon.converge(namespace, Map.of("quay.io", lease))).isEqualTo(WRITTEN);

    assertThat(read().getMetadata().getAnnotations()).containsOnlyKeys(Marks.SELF);
    assertThat(observed("quay.io")).isEqualTo(daemon.sealed(namespace, "quay.io", lease));
    assertThat(daemon.converge(namespace, Map.of("quay.io", lease))).isEmpty();
  }

  @Test
  void takesTheRecordAlongWhenItLetsGo() throws TargetException {
    daemon.converge(namespace, Map.of(ECR, token("first", START)));

    daemon.target().release(ENVIRONMENT, secret(namespace));

    assertThat(read().getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(content()).contains("first");
  }

  private void restart() throws TargetException {
    daemon.close();
    daemon = Daemon.open(server, instance);
    prepare();
  }

  private static Credential token(String name, Instant issuedAt) {
    return token(name, issuedAt, "ecr/test");
  }

  private static Credential token(String name, Instant issuedAt, String identity) {
    var issuance = new Issuance(identity, issuedAt, issuedAt.plus(LIFE));
    return minted("token-as-long-as-a-real-one-" + name, issuance);
  }

  private static Credential minted(String password, Issuance issuance) {
    Credential basic = Daemon.credential(password);
    return new Credential(basic.username(), basic.password(), null, issuance);
  }

  private @Nullable FieldValue observed(String key) throws TargetException {
    ObservedField field = daemon.observed(secret(namespace)).fields().get("auths/" + key);
    return field == null ? null : field.value();
  }

  private FieldValue minted(String key, Credential credential) {
    Issuance issuance = credential.issuance();
    if (issuance == null) {
      throw new AssertionError("not minted");
    }
    return new FieldValue.Minted(daemon.sealed(namespace, key, credential).seal(), issuance);
  }

  private Secret read() {
    return server.admin().secrets().inNamespace(namespace).withName(NAME).get();
  }

  private String annotation() {
    return read().getMetadata().getAnnotations().getOrDefault(Marks.MINTED, "");
  }

  private String content() {
    String data = read().getData().get(DockerConfig.KEY);
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private void edit(DockerConfig config) {
    server
        .admin()
        .secrets()
        .inNamespace(namespace)
        .withName(NAME)
        .edit(
            secret -> {
              secret.getData().put(DockerConfig.KEY, config.base64());
              return secret;
            });
  }
}
