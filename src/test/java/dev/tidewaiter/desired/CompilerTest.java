package dev.tidewaiter.desired;

import static dev.tidewaiter.desired.Fixture.cluster;
import static dev.tidewaiter.desired.Fixture.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Environment.PullSecret.Mode;
import dev.tidewaiter.config.Environment.ServiceAccounts;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Pull Secrets and ServiceAccount entries.
class CompilerTest {
  private static final String HUB = "auths/https://index.docker.io/v1/";
  private static final String QUAY = "auths/quay.io";
  private static final ResourceId SECRET = secret("shop", "pull");
  private static final ResourceId DEFAULT =
      new ResourceId(ResourceKind.SERVICE_ACCOUNT, "shop", "default");

  private final Fixture fixture = new Fixture();
  private final Surroundings shop = cluster(namespace("shop"));

  @Test
  void mergesAnEntryForEachRegistry() {
    Compiled compiled = fixture.compile(shop);
    assertThat(ids(compiled)).containsExactly(SECRET, DEFAULT);
    assertThat(resource(compiled, SECRET).fields()).containsOnlyKeys(HUB, QUAY);
    assertThat(resource(compiled, DEFAULT).fields()).containsOnlyKeys("imagePullSecrets/pull");
  }

  @Test
  void givesTargetsTheCredentialBehindEachSeal() {
    Compiled compiled = fixture.compile(shop);
    assertThat(compiled.payloads().find(SECRET, QUAY))
        .isInstanceOfSatisfying(
            Payload.Auth.class,
            auth ->
                assertThat(auth.credential().password().reveal()).isEqualTo("password of quay"));
    assertThat(compiled.payloads().find(DEFAULT, "imagePullSecrets/pull")).isNull();
    assertThat(compiled.toString()).doesNotContain("password of");
  }

  @Test
  void perRegistrySecretsAreNamedAfterTheirRegistry() {
    fixture.mode = Mode.PER_REGISTRY;
    Compiled compiled = fixture.compile(shop);
    assertThat(ids(compiled))
        .containsExactly(secret("shop", "pull-hub"), secret("shop", "pull-quay"), DEFAULT);
    assertThat(resource(compiled, secret("shop", "pull-quay")).fields()).containsOnlyKeys(QUAY);
    assertThat(resource(compiled, DEFAULT).fields())
        .containsOnlyKeys("imagePullSecrets/pull-hub", "imagePullSecrets/pull-quay");
  }

  @Test
  void leavesOutInactiveSupersededAndAnonymousRegistries() {
    fixture.declare(
        "off", "off.example", Registry.State.INACTIVE, new Registry.Tls(null, null, false));
    fixture.declare("old", "quay.io");
    fixture.superseded = Map.of("old", "quay");
    fixture.material.put("hub", new RegistryMaterial(new Minted.None(), null, null, null));
    Compiled compiled = fixture.compile(shop);
    assertThat(resource(compiled, SECRET).fields()).containsOnlyKeys(QUAY);
    assertThat(compiled.superseded()).containsExactly("old");
  }

  @Test
  void withholdsOneEntryAndDeliversTheOthers() {
    fixture.material.put("quay", Fixture.withheld("vault:secret/quay#password is denied"));
    Compiled compiled = fixture.compile(shop);
    assertThat(resource(compiled, SECRET).fields().get(QUAY))
        .isEqualTo(new DesiredField.Withheld("vault:secret/quay#password is denied"));
    assertThat(resource(compiled, SECRET).fields().get(HUB)).isInstanceOf(DesiredField.Known.class);
    assertThat(resource(compiled, DEFAULT).isKnown()).isTrue();
  }

  @Test
  void serviceAccountEntryIsWithheldWhileNothingOfTheSecretIsKnown() {
    fixture.material.put("quay", Fixture.withheld("vault:secret/quay#password is denied"));
    fixture.material.remove("hub");
    Compiled compiled = fixture.compile(shop);
    assertThat(resource(compiled, SECRET).fields()).containsOnlyKeys(HUB, QUAY);
    assertThat(resource(compiled, SECRET).isKnown()).isFalse();
    assertThat(resource(compiled, DEFAULT).isKnown()).isFalse();
  }

  @Test
  void onlyAnonymousRegistriesNeedNoSecretAndNoEntry() {
    var none = new RegistryMaterial(new Minted.None(), null, null, null);
    fixture.material.put("hub", none);
    fixture.material.put("quay", none);
    assertThat(fixture.compile(shop).resources()).isEmpty();
  }

  @Test
  void countsNamedServiceAccountsThatAreAbsent() {
    fixture.serviceAccounts = new ServiceAccounts(false, List.of("default", "later"));
    Compiled compiled = fixture.compile(cluster(namespace("shop"), namespace("not selected")));
    assertThat(compiled.absentServiceAccounts()).isEqualTo(1);
    assertThat(ids(compiled)).containsExactly(SECRET, DEFAULT);
  }

  @Test
  void servesAllServiceAccountsOrNone() {
    fixture.serviceAccounts = new ServiceAccounts(true, List.of());
    assertThat(ids(fixture.compile(shop)))
        .containsExactly(
            SECRET, new ResourceId(ResourceKind.SERVICE_ACCOUNT, "shop", "builder"), DEFAULT);
    fixture.serviceAccounts = new ServiceAccounts(false, List.of());
    assertThat(ids(fixture.compile(shop))).containsExactly(SECRET);
  }

  @Test
  void lingeringSecretKeepsWhatIsStillDeclaredFresh() {
    ResourceId renamed = secret("shop", "former-name");
    fixture.lingering.put(renamed, Set.of(QUAY, "auths/deleted.example"));
    Compiled compiled = fixture.compile(shop);
    assertThat(resource(compiled, renamed).fields()).containsOnlyKeys(QUAY);
    assertThat(compiled.payloads().find(renamed, QUAY)).isInstanceOf(Payload.Auth.class);
    assertThat(resource(compiled, DEFAULT).fields()).containsOnlyKeys("imagePullSecrets/pull");
  }

  @Test
  void lingeringSecretGoesWithItsLastRegistryOrItsNamespace() {
    fixture.lingering.put(secret("shop", "former-name"), Set.of("auths/deleted.example"));
    fixture.lingering.put(secret("left", "pull"), Set.of(QUAY));
    assertThat(ids(fixture.compile(cluster(namespace("shop"), namespace("left")))))
        .containsExactly(SECRET, DEFAULT);
  }

  @Test
  void retiredEnvironmentHasNothing() {
    fixture.state = Environment.State.RETIRED;
    Compiled compiled = fixture.compile(cluster(namespace("shop", "production")));
    assertThat(compiled.resources()).isEmpty();
    assertThat(compiled.leftAlone()).isEmpty();
  }

  private static ResourceId secret(String namespace, String name) {
    return new ResourceId(ResourceKind.PULL_SECRET, namespace, name);
  }

  private static List<ResourceId> ids(Compiled compiled) {
    return compiled.resources().stream().map(Resource::id).toList();
  }

  private static Resource resource(Compiled compiled, ResourceId id) {
    return compiled.resources().stream()
        .filter(resource -> resource.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
