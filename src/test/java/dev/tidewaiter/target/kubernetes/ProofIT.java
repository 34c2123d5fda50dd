package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.desired.PolicyObject.Actions;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The proof on a real API server, with the rights of the shipped manifest: its namespace enforces
/// pod security `restricted`.
class ProofIT {
  private static final String PROOF = PolicyNames.PROOF_NAMESPACE;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final KubeApiServer server = KubeApiServer.shared();
  private final String namespace = server.createNamespace("shop");
  private final String environment = KubeApiServer.uniqueName("environment");
  private final PolicyDaemon daemon = new PolicyDaemon(server, environment);
  private final Regime regime = PolicyDaemon.regime(daemon.limited("quay.io/acme"), null);
  private final List<Resource> denying =
      daemon.allow(daemon.limited("quay.io/acme"), Actions.DENY, namespace);

  @BeforeEach
  void createServiceAccount() {
    var account = new ServiceAccountBuilder().withNewMetadata().withName("default").endMetadata();
    server
        .admin()
        .serviceAccounts()
        .inNamespace(PROOF)
        .resource(account.build())
        .createOr(existing -> existing.update());
  }

  @AfterEach
  void close() {
    daemon.close();
    server.admin().resourceQuotas().inNamespace(PROOF).delete();
  }

  @Test
  void provesAnAllowListADefaultRegistryAndAddedPullSecrets() throws TargetException {
    var registry = new DefaultRegistry(RepositoryPrefix.parse("quay.io/acme"), LibraryPrefix.KEEP);
    daemon.converge(
        Stream.concat(denying.stream(), daemon.defaults(registry, "one", "two").stream()).toList());

    Regime whole = PolicyDaemon.regime(daemon.limited("quay.io/acme"), "quay.io/acme");

    assertThat(daemon.prove(whole)).isEqualTo(new Proof.Proven());
    assertThat(server.admin().pods().inNamespace(PROOF).list().getItems()).isEmpty();
  }

  @Test
  void provesThatARetiredRegistryIsDenied() throws TargetException {
    daemon.converge(daemon.allow(daemon.retired("old.example"), Actions.DENY, namespace));

    assertThat(daemon.prove(PolicyDaemon.regime(daemon.retired("old.example"), null)))
        .isEqualTo(new Proof.Proven());
  }

  @Test
  void provesBesideAnotherInstanceWithAnEnvironmentOfTheSameName() throws TargetException {
    daemon.converge(denying);
    try (var other = new PolicyDaemon(server, environment)) {
      other.converge(other.allow(other.limited("other.example"), Actions.DENY, namespace));
      Regime theirs = PolicyDaemon.regime(other.limited("other.example"), null);

      assertThat(other.prove(theirs)).isEqualTo(new Proof.Proven());
      assertThat(daemon.prove(regime)).isEqualTo(new Proof.Proven());
    }
  }

  @Test
  void isRefutedByAPolicyThatSomebodyMadeAdmitAll() throws TargetException {
    daemon.converge(denying);
    assertThat(daemon.prove(regime)).isEqualTo(new Proof.Proven());

    policyEditedTo("true");
    awaitAdmission("docker.io/denied");

    assertThat(daemon.prove(regime))
        .isInstanceOfSatisfying(
            Proof.Refuted.class,
            refuted -> assertThat(refuted.detail()).contains(daemon.policy(), "admits", "deny"));
  }

  @Test
  void isInconclusiveUnderAQuotaOfNoPods() throws TargetException {
    daemon.converge(denying);
    var none = Map.of("pods", new Quantity("0"));
    var quota =
        server
            .admin()
            .resourceQuotas()
            .resource(
                new ResourceQuotaBuilder()
                    .withNewMetadata()
                    .withName("none")
                    .withNamespace(PROOF)
                    .endMetadata()
                    .withNewSpec()
                    .withHard(none)
                    .endSpec()
                    .build())
            .create();
    // What the controller manager would do.
    quota.setStatus(new ResourceQuotaStatusBuilder().withHard(none).withUsed(none).build());
    server.admin().resourceQuotas().resource(quota).updateStatus();

    Await.until(LIMIT, () -> assertInconclusive("quota"));
  }

  @Test
  void isInconclusiveWithoutAServiceAccount() throws TargetException {
    daemon.converge(denying);
    server.admin().serviceAccounts().inNamespace(PROOF).withName("default").delete();

    assertInconclusive("service account");
  }

  @Test
  void isInconclusiveUnderAPolicyOfOthers() throws TargetException {
    daemon.converge(denying);
    try (var others = new PolicyDaemon(server, environment)) {
      others.converge(others.allow(others.limited("other.example"), Actions.DENY, PROOF));
      awaitRefusal("quay.io/acme/app");

      assertInconclusive(others.policy());
    }
    awaitAdmission("quay.io/acme/app");
  }

  @Test
  void isInconclusiveWithoutItsNamespace() throws TargetException {
    daemon.converge(denying);
    var empty = new NamespaceBuilder().withNewMetadata().withName(PROOF).endMetadata().build();
    server.admin().namespaces().withName(PROOF).delete();
    String finalize = "/api/v1/namespaces/" + PROOF + "/finalize";
    server.admin().raw(finalize, "PUT", Serialization.asJson(empty));

    Await.until(LIMIT, () -> assertInconclusive("Apply the RBAC manifest"));
  }

  @Test
  void theDaemonMayCreatePodsNowhereElse() {
    String pod =
        String.valueOf(
            ProofPod.call(new Marks.Owner(daemon.instance(), environment), "quay.io/acme/app")
                .body());
    String user = "token: " + server.token("tidewaiter-system", "tidewaiter");
    Config config = Config.fromKubeconfig(server.kubeconfig(server.port(), user));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      for (String elsewhere : List.of(namespace, "default", "kube-system", "tidewaiter-system")) {
        assertForbidden(() -> client.raw(pods(elsewhere), "POST", pod));
      }
      client.raw(pods(PROOF), "POST", pod);
      assertForbidden(() -> client.pods().inNamespace(PROOF).withName("any").delete());
    }
  }

  private void assertInconclusive(String detail) {
    assertThat(daemon.prove(regime))
        .isInstanceOfSatisfying(
            Proof.Inconclusive.class,
            inconclusive -> assertThat(inconclusive.detail()).contains(detail));
  }

  private static void assertForbidden(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(403);
              assertThat(e.getMessage()).contains("cannot");
            });
  }

  private static String pods(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/pods?dryRun=All";
  }

  private void awaitAdmission(String image) {
    Await.until(LIMIT, () -> create(image));
  }

  private void awaitRefusal(String image) {
    Await.until(
        LIMIT,
        () ->
            assertThatThrownBy(() -> create(image)).isInstanceOf(KubernetesClientException.class));
  }

  private void create(String image) {
    String pod =
        String.valueOf(
            ProofPod.call(new Marks.Owner(daemon.instance(), environment), image).body());
    server.admin().raw(pods(PROOF), "POST", pod);
  }

  private void policyEditedTo(String expression) {
    server
        .admin()
        .admissionRegistration()
        .v1()
        .validatingAdmissionPolicies()
        .withName(daemon.policy())
        .edit(
            policy ->
                new ValidatingAdmissionPolicyBuilder(policy)
                    .editSpec()
                    .editLastValidation()
                    .withExpression(expression)
                    .withMessageExpression(null)
                    .endValidation()
                    .endSpec()
                    .build());
  }
}
