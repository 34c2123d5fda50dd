package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.ecr;
import static dev.tidewaiter.reconcile.Harness.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A pull Secret that lost its place to another: how long it stays, and how fresh.
class LingeringTest {
  private static final String ECR = "auths/111122223333.dkr.ecr.eu-west-1.amazonaws.com";
  private static final String RENAMED = "pullSecret: {name: other}";
  private static final ResourceId OLD = secret("shop");
  private static final ResourceId ACCOUNT =
      new ResourceId(ResourceKind.SERVICE_ACCOUNT, "shop", "default");
  private static final ResourceId NEW = new ResourceId(ResourceKind.PULL_SECRET, "shop", "other");

  private final Harness world;
  private final InMemoryTarget cluster;

  LingeringTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop", "web");
  }

  private void declare(String... more) {
    world.source.commit(
        ecr()
            + """
            ---
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec:
              registries: [ecr]
              namespaces: {names: [shop, web]}
              %s
            """
                .formatted(String.join("\n  ", more)));
  }

  private CycleReport apply() {
    return world.process().apply().reports().getFirst();
  }

  private static List<ResourceId> pruned(List<Change> changes) {
    return changes.stream().filter(Change.Prune.class::isInstance).map(Change::id).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "suspend: State | pullSecret: {name: other}",
        "suspend: State | pullSecret: {mode: PerRegistry}",
        "driftMode: DetectOnly | pullSecret: {name: other}",
        "driftMode: DetectOnly | pullSecret: {mode: PerRegistry}"
      })
  void whatIsInUseKeepsFreshTokensWhileItsSuccessorIsFrozen(String frozen, String change) {
    declare();
    apply();
    declare(frozen, change);
    for (int token = 2; token <= 6; token++) {
      world.clock.advance(Duration.ofHours(6));
      CycleReport report = apply();
      assertThat(cluster.textOf(OLD, ECR)).contains("token-" + token);
      assertThat(pruned(report.plan().frozen())).containsExactly(OLD, secret("web"));
    }
    assertThat(cluster.owned()).isEqualTo(2);
  }

  @Test
  void theTimeOfASecretBeginsWhenWhatIsDeclaredIsCarriedOut() {
    declare();
    apply();
    cluster.pods.name(OLD);
    declare("driftMode: DetectOnly", RENAMED);
    apply();
    assertThat(cluster.pods.retired()).isEmpty();

    declare(RENAMED);
    assertThat(pruned(apply().plan().changes())).containsExactly(secret("web"));
    assertThat(cluster.pods.retired()).containsExactly(OLD);
    assertThat(cluster.fieldsOf(NEW)).isPresent();
    assertThat(cluster.fieldsOf(OLD)).isPresent();
  }

  @Test
  void aPreviewStartsNoClock() {
    declare();
    apply();
    cluster.pods.name(OLD);
    declare(RENAMED);
    CycleReport preview = world.process().preview().reports().getFirst();
    assertThat(pruned(preview.plan().changes())).containsExactly(secret("web"));
    assertThat(cluster.pods.retired()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"suspend: All", "suspend: State"})
  void aSuspensionStartsNoClock(String suspended) {
    declare();
    apply();
    cluster.pods.name(OLD);
    declare(suspended, RENAMED);
    apply();
    assertThat(cluster.pods.retired()).isEmpty();
    assertThat(cluster.fieldsOf(NEW)).isEmpty();
  }

  @Test
  void aNamespaceWhosePodsCannotBeListedKeepsItsSecretAndNoOtherDoes() {
    declare();
    apply();
    cluster.pods.hide("shop");
    declare(RENAMED);
    CycleReport report = apply();
    assertThat(cluster.fieldsOf(OLD)).isPresent();
    assertThat(cluster.fieldsOf(secret("web"))).isEmpty();
    assertThat(cluster.pods.retired()).isEmpty();
    assertThat(report.conditions())
        .contains(
            new Condition(
                Reason.TargetUnavailable,
                "1 pull Secret(s) stay, because pods may name them: pods may not be listed in shop"));
  }

  /// Else a rename while Vault is down would take the last login of a namespace away.
  @ParameterizedTest
  @ValueSource(strings = {"pullSecret: {name: other}", "pullSecret: {mode: PerRegistry}"})
  void nothingGoesBeforeWhatTakesItsPlaceCanBeWritten(String change) {
    world.source.commit(
        Harness.registries() + Harness.environment("production", "shop", "pullSecret: {}"));
    apply();
    world.secrets.answer("secret/quay", "password", new SecretLookup.Denied("denied"));
    world.source.commit(Harness.registries() + Harness.environment("production", "shop", change));

    assertThat(pruned(apply().plan().changes())).isEmpty();

    assertThat(cluster.textOf(OLD, "auths/quay.io")).contains("first");
    assertThat(cluster.textsOf(ACCOUNT)).containsKey("imagePullSecrets/registry-credentials");

    world.secrets.put("secret/quay", "password", "second");
    apply();
    assertThat(cluster.fieldsOf(OLD)).isEmpty();
    assertThat(cluster.textsOf(ACCOUNT)).doesNotContainKey("imagePullSecrets/registry-credentials");
  }

  /// New pods get their pull Secrets from it, whatever their ServiceAccount names.
  @Test
  void whatStandsInForAnotherIsAddedToNewPods() {
    declareInjecting("registry-credentials");
    world.secrets.answer("secret/quay", "password", new SecretLookup.Denied("denied"));
    declareInjecting("other");

    assertThat(cluster.fieldsOf(OLD)).isPresent();
    assertThat(added()).containsExactly("secret/other", "secret/registry-credentials");

    world.secrets.put("secret/quay", "password", "second");
    apply();
    assertThat(cluster.fieldsOf(OLD)).isEmpty();
    assertThat(added()).containsExactly("secret/other");
  }

  @Test
  void whatCouldNotBeReplacedIsAddedToNewPods() {
    declareInjecting("registry-credentials");
    cluster.failOn(
        NEW, new Outcome.Failed(Outcome.FailureReason.Rejected, "a webhook says no", null));
    for (int cycle = 0; cycle < 2; cycle++) {
      declareInjecting("other");

      assertThat(cluster.fieldsOf(OLD)).isPresent();
      assertThat(added()).containsExactly("secret/other", "secret/registry-credentials");
    }
    cluster.heal(NEW.toString());
    apply();
    assertThat(added()).containsExactly("secret/other");
  }

  private void declareInjecting(String name) {
    cluster.admit();
    String more = "injectPullSecrets: true\n  pullSecret: {name: %s}".formatted(name);
    world.source.commit(Harness.registries() + Harness.environment("production", "shop", more));
    apply();
  }

  /// The pull Secrets that new pods get.
  private List<String> added() {
    return cluster.textsOf(PolicyScene.defaults(PolicyScene.POLICY)).keySet().stream()
        .filter(field -> field.startsWith("secret/"))
        .toList();
  }

  @Test
  void aServiceAccountThatComesLaterNamesWhatStandsIn() {
    String before = Harness.environment("production", "shop", "pullSecret: {}");
    world.source.commit(
        Harness.registries() + before.replace("serviceAccounts: {names: [default]}", ""));
    apply();
    world.secrets.answer("secret/quay", "password", new SecretLookup.Denied("denied"));
    world.source.commit(Harness.registries() + Harness.environment("production", "shop", RENAMED));

    apply();

    assertThat(cluster.textsOf(ACCOUNT)).containsKey("imagePullSecrets/registry-credentials");
    world.secrets.put("secret/quay", "password", "second");
    apply();
    assertThat(cluster.textsOf(ACCOUNT)).containsOnlyKeys("imagePullSecrets/other");
  }

  @Test
  void nothingGoesForANameThatMayNotBeLookedAt() {
    String before = Harness.environment("production", "shop", "pullSecret: {}");
    world.source.commit(Harness.registries() + before);
    apply();
    world.source.commit(Harness.registries() + Harness.environment("production", "shop", RENAMED));
    cluster.deny("other");

    apply();

    assertThat(cluster.textOf(OLD, "auths/quay.io")).contains("first");
    assertThat(cluster.textsOf(ACCOUNT)).containsOnlyKeys("imagePullSecrets/registry-credentials");

    cluster.deny("");
    apply();
    assertThat(cluster.fieldsOf(OLD)).isEmpty();
    assertThat(cluster.textsOf(ACCOUNT)).containsOnlyKeys("imagePullSecrets/other");
  }

  /// As when the manifest was given the new name in the place of the old one.
  @Test
  void anEntryForANameThatMayNoLongerBeLookedAtStays() {
    world.source.commit(
        Harness.registries() + Harness.environment("production", "shop", "pullSecret: {}"));
    apply();
    world.source.commit(Harness.registries() + Harness.environment("production", "shop", RENAMED));
    cluster.deny("registry-credentials");

    apply();

    assertThat(cluster.textsOf(ACCOUNT)).containsKey("imagePullSecrets/registry-credentials");
    cluster.deny("");
    apply();
    assertThat(cluster.textsOf(ACCOUNT)).containsOnlyKeys("imagePullSecrets/other");
  }

  @Test
  void nothingGoesWhereItsSuccessorCouldNotBeMade() {
    world.source.commit(
        Harness.registries() + Harness.environment("production", "shop", "pullSecret: {}"));
    apply();
    world.source.commit(Harness.registries() + Harness.environment("production", "shop", RENAMED));
    cluster.failOn(
        NEW, new Outcome.Failed(Outcome.FailureReason.Rejected, "a webhook says no", null));

    apply();

    assertThat(cluster.textOf(OLD, "auths/quay.io")).contains("first");
    assertThat(cluster.textsOf(ACCOUNT)).containsKey("imagePullSecrets/registry-credentials");
    cluster.heal(NEW.toString());
    apply();
    assertThat(cluster.fieldsOf(OLD)).isEmpty();
  }

  @Test
  void nothingGoesForANameAtWhichSomebodyElsesSecretStands() {
    String before = Harness.environment("production", "shop", "pullSecret: {}");
    world.source.commit(Harness.registries() + before);
    apply();
    cluster.addForeign(NEW);
    world.source.commit(Harness.registries() + Harness.environment("production", "shop", RENAMED));

    apply();

    assertThat(cluster.textOf(OLD, "auths/quay.io")).contains("first");
    assertThat(cluster.textsOf(ACCOUNT)).containsKey("imagePullSecrets/registry-credentials");
  }

  /// What Git no longer wants goes at once, whatever else is withheld.
  @Test
  void aLoginThatIsNoLongerDeclaredDoesNotWaitForOthers() {
    String apart = Harness.environment("production", "shop", "pullSecret: {mode: PerRegistry}");
    world.source.commit(Harness.registries() + apart);
    apply();
    world.secrets.answer("secret/quay", "password", new SecretLookup.Denied("denied"));
    world.source.commit(Harness.registries() + apart.replace("[quay, hub]", "[quay]"));

    apply();

    assertThat(cluster.textsOf(ACCOUNT))
        .containsOnlyKeys("imagePullSecrets/registry-credentials-quay");
  }
}
