package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.account;
import static dev.tidewaiter.target.kubernetes.Daemon.credential;
import static dev.tidewaiter.target.kubernetes.Daemon.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.Observing;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whose a Secret is: ours, another instance's or environment's, or a stranger's.
class OwnershipIT extends KubernetesTargetScenario {
  @Test
  void takesACopyOfOurSecretForAStrangers() throws TargetException {
    String original = server.createNamespace("shop");
    String elsewhere = server.createNamespace("shop");
    daemon.create(original, Map.of("quay.io", credential("x")));
    Secret copy = read(original);
    copy.getMetadata().setNamespace(elsewhere);
    copy.getMetadata().setResourceVersion(null);
    copy.getMetadata().setUid(null);
    server.admin().secrets().resource(copy).create();

    Await.until(
        LIMIT,
        () ->
            assertThat(daemon.observed(secret(elsewhere)).holding())
                .isInstanceOf(Holding.Foreign.class));
    assertThat(reason(daemon.prune(elsewhere))).isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(read(elsewhere)).isNotNull();
    assertThat(Observing.all(daemon.target(), ENVIRONMENT, Set.of()))
        .extracting(resource -> resource.id().scope())
        .contains(original)
        .doesNotContain(elsewhere);
  }

  @Test
  void neitherOverwritesNorPrunesAForeignSecretInOurPlace() throws TargetException {
    String namespace = server.createNamespace("shop");
    foreign(namespace, Map.of());

    assertThat(reason(daemon.create(namespace, Map.of("quay.io", credential("ours")))))
        .isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(reason(daemon.set(namespace, Map.of("quay.io", credential("ours")))))
        .isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(reason(daemon.adopt(namespace, Map.of("quay.io", credential("ours")))))
        .isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(reason(daemon.prune(namespace))).isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(content(namespace)).contains("theirs").doesNotContain("ours");
    assertThat(daemon.observed(secret(namespace)).holding())
        .isInstanceOfSatisfying(
            Holding.Foreign.class,
            foreign -> assertThat(foreign.adoption()).isEqualTo(Holding.Adoption.FORBIDDEN));
  }

  @Test
  void adoptsWhatItsOwnerAnnotatedInPlace() throws TargetException {
    for (String word : List.of("true", "replace")) {
      String namespace = server.createNamespace("shop");
      foreign(namespace, Map.of("tidewaiter.dev/adopt", word));
      String uid = read(namespace).getMetadata().getUid();

      assertThat(daemon.adopt(namespace, Map.of("quay.io", credential("ours"))))
          .isEqualTo(new Outcome.Applied());

      assertThat(daemon.observed(secret(namespace)).holding()).isEqualTo(new Holding.Ours());
      assertThat(read(namespace).getMetadata().getUid()).isEqualTo(uid);
      assertThat(content(namespace)).contains("ours");
    }
  }

  @Test
  void refusesAnotherInstancesAndAnotherEnvironmentsSecrets() throws TargetException {
    String namespace = server.createNamespace("shop");
    daemon.create(namespace, Map.of("quay.io", credential("x")));
    try (Daemon other = Daemon.open(server, KubeApiServer.uniqueName("instance"))) {
      assertThat(other.observed(secret(namespace)).holding())
          .isEqualTo(
              new Holding.Elsewhere("instance " + instance + ", environment " + ENVIRONMENT));
      assertThat(reason(other.prune(namespace))).isEqualTo(Outcome.FailureReason.Conflict);
      assertThat(other.target().environments()).isEmpty();
      assertThat(seen(other, namespace).ownedBy())
          .containsExactly("instance " + instance + ", environment " + ENVIRONMENT);
    }
    assertThat(seen(daemon, namespace).ownedBy()).containsExactly(ENVIRONMENT);
  }

  @Test
  void namesTheOtherWriterAlsoAfterWeAnsweredIt() throws TargetException {
    String namespace = server.createNamespace("shop");
    // Of what was created with a name alone, the API server tracks no managers, ever.
    server
        .admin()
        .serviceAccounts()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(namespace)
                .addToLabels("team", "payments")
                .endMetadata()
                .build())
        .create();
    ResourceId account = account(namespace, "default");
    daemon.observed(account);
    daemon.create(namespace, Map.of("quay.io", credential("x")));
    daemon.link(namespace, "default");
    assertThat(daemon.target().otherWriter(account)).isEmpty();
    assertThat(daemon.target().otherWriter(secret(namespace))).isEmpty();

    // fabric8's own edit would send an empty `managedFields`, which takes every trace away.
    var merge = PatchContext.of(PatchType.JSON_MERGE);
    server
        .admin()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName("default")
        .patch(merge, "{\"imagePullSecrets\": [{\"name\": \"theirs\"}]}");
    server
        .admin()
        .secrets()
        .inNamespace(namespace)
        .withName(NAME)
        .patch(merge, "{\"data\": {\".dockerconfigjson\": \"e30=\"}}");
    Await.until(
        LIMIT,
        () -> assertThat(eventsIn(namespace)).contains("ServiceAccount changed", "Secret changed"));
    daemon.link(namespace, "default");
    daemon.set(namespace, Map.of("quay.io", credential("x")));

    assertThat(daemon.target().otherWriter(account)).hasValue("fabric8-kubernetes-client");
    assertThat(daemon.target().otherWriter(secret(namespace)))
        .hasValue("fabric8-kubernetes-client");
  }

  @Test
  void touchesNoConfigMapThatIsNotOurs() {
    String stranger = KubeApiServer.uniqueName("instance");
    server
        .admin()
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("tidewaiter-" + stranger)
                .withNamespace("tidewaiter-system")
                .endMetadata()
                .build())
        .create();
    try (Daemon other = Daemon.open(server, stranger)) {
      assertThatThrownBy(() -> other.target().prepare(ENVIRONMENT, Set.of(secret("anywhere"))))
          .isInstanceOf(TargetException.class)
          .hasMessageContaining("is not ours");
    }
  }

  @Test
  void releasesWithoutTouchingTheContent() throws TargetException {
    String namespace = server.createNamespace("shop", "default");
    daemon.create(namespace, Map.of("quay.io", credential("stays")));
    daemon.link(namespace, "default");

    daemon.target().release(ENVIRONMENT, secret(namespace));
    daemon.target().release(ENVIRONMENT, account(namespace, "default"));

    assertThat(content(namespace)).contains("stays");
    assertThat(read(namespace).getMetadata().getLabels()).isNullOrEmpty();
    assertThat(entries(namespace)).containsExactly(NAME);
    assertThat(live(namespace).getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(Observing.all(daemon.target(), ENVIRONMENT, Set.of()))
        .noneMatch(resource -> resource.id().scope().equals(namespace));
  }

  private void foreign(String namespace, Map<String, String> annotations) {
    server
        .admin()
        .secrets()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .withAnnotations(annotations)
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToStringData(
                    ".dockerconfigjson", "{\"auths\":{\"quay.io\":{\"auth\":\"theirs\"}}}")
                .build())
        .create();
  }

  private static Object reason(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed ? failed.reason() : outcome;
  }
}
