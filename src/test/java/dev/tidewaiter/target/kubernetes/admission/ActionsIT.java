package dev.tidewaiter.target.kubernetes.admission;

import static dev.tidewaiter.target.kubernetes.admission.Environments.NONE;
import static dev.tidewaiter.target.kubernetes.admission.Environments.allowing;
import static dev.tidewaiter.target.kubernetes.admission.Environments.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.desired.PolicyObject.Actions;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What happens to a pod that is not admitted, and where: actions, clauses and exemptions, on a
/// real API server.
class ActionsIT {
  private static final String BAD = "quay.io/app";
  private static final RuleBook RULES = allowing("registry.acme.example");

  private final PolicyServer server = new PolicyServer(KubeApiServer.shared());
  private final Environments environments = new Environments(server);

  @Test
  void deniesAndSaysWhatToDo() {
    var answer = server.dryRun(environments.denying(RULES), Pods.running(BAD));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body().path("reason").asString()).isEqualTo("Forbidden");
    assertThat(answer.message())
        .contains("container c0: image \"quay.io/app\" is not allowed in environment")
        .contains("policy \"restricted\" allows only images from registry.acme.example.");
  }

  @Test
  void warnsInTheSameWords() {
    String namespace = server.namespace();
    environments.bind(allow(NONE), names(namespace), Actions.WARN);

    Await.until(
        PolicyServer.LIMIT,
        () ->
            assertThat(server.dryRun(namespace, Pods.running(BAD)).warnings())
                .singleElement()
                .asString()
                .contains("container c0: image \\\"quay.io/app\\\" is not allowed in environment")
                .contains("allows only images from registry.acme.example."));
    var answer = server.dryRun(namespace, Pods.running(BAD));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(server.dryRun(namespace, Pods.running("registry.acme.example/app")).warnings())
        .isEmpty();
  }

  @Test
  void auditsWithoutTellingAnybody() {
    String namespace = server.namespace();
    String policy = environments.bind(allow(NONE), names(namespace), Actions.AUDIT);

    Await.until(
        PolicyServer.LIMIT,
        () -> {
          var answer = server.dryRun(namespace, Pods.running(BAD));
          assertThat(answer.status()).isEqualTo(201);
          assertThat(answer.warnings()).isEmpty();
          assertThat(server.server().audit())
              .anySatisfy(
                  line ->
                      assertThat(line)
                          .contains("validation_failure", policy, "quay.io/app", namespace));
        });
  }

  @Test
  void namesWhatToWriteWhereNoDefaultRegistryCanBeApplied() {
    String namespace = server.namespace();
    var policy = new PolicyObject.Allow(RULES, NONE, keeping("registry.acme.example/hub"));
    environments.bind(policy, names(namespace), Actions.DENY);
    server.awaitDenials(namespace);

    assertThat(server.dryRun(namespace, Pods.running("redis:7")).message())
        .endsWith(
            " Images without a host are not redirected here: instead of \"redis:7\" write"
                + " \"registry.acme.example/hub/library/redis:7\".");
    assertThat(server.dryRun(namespace, Pods.running(BAD)).message())
        .doesNotContain("not redirected");
  }

  @Test
  void leavesExemptNamespacesAlone() {
    String exempt = server.namespace();
    String governed = server.namespace();
    var exemption =
        new Exemption(List.of("kube-*", exempt, "*-nothing-like-it"), List.of("policy*"));
    var policy = new PolicyObject.Allow(RULES, exemption, null);
    environments.bind(policy, names(exempt, governed), Actions.DENY);
    server.awaitDenials(governed);

    assertThat(server.dryRun(exempt, Pods.running(BAD)).status()).isEqualTo(201);
  }

  @Test
  void governsOnlyTheNamespacesThatMayBeSelected() {
    String governed = server.namespace();
    String other = server.namespace();
    var exemption = new Exemption(List.of(), List.of(governed));
    var policy = new PolicyObject.Allow(RULES, exemption, null);
    environments.bind(policy, names(governed, other), Actions.DENY);
    server.awaitDenials(governed);

    assertThat(server.dryRun(other, Pods.running(BAD)).status()).isEqualTo(201);
  }

  @Test
  void findsTheNamespacesOfAProject() {
    String project = KubeApiServer.uniqueName("p");
    environments.deny(RULES, new Clause.Projects(List.of("p-other", project)));
    String inside = server.namespace(Map.of("field.cattle.io/projectId", project));
    server.awaitDenials(inside);

    assertThat(server.dryRun(server.namespace(), Pods.running(BAD)).status()).isEqualTo(201);
  }

  /// The proof's pods are judged by the policy of their environment and instance, whatever is
  /// exempt; no other clause reaches them.
  @Test
  void judgesPodsOfTheProofByTheirEnvironment() {
    createTheProofNamespace();
    String everywhere = server.namespace();
    var policy = allow(new Exemption(List.of("tidewaiter-*"), List.of("none-of-these")));
    String name = environments.bind(policy, new Clause.Proof("production"), Actions.DENY);
    String instance = PolicyNames.instance(name);
    var all = allow(new Exemption(List.of(), List.of(everywhere)));
    environments.bind(all, new Clause.All(), Actions.DENY);
    server.awaitDenials(everywhere);

    Await.until(
        PolicyServer.LIMIT,
        () -> assertThat(proof("production", instance).status()).isEqualTo(403));
    assertThat(proof("staging", instance).status()).isEqualTo(201);
    assertThat(proof("production", "of-another-daemon").status()).isEqualTo(201);
  }

  private Answer proof(String environment, String instance) {
    var pod =
        Pods.labelled(
            Pods.restricted(Pods.running(BAD)), "tidewaiter.dev/environment", environment);
    Pods.labelled(pod, "tidewaiter.dev/instance", instance);
    return server.dryRun(PolicyNames.PROOF_NAMESPACE, pod);
  }

  /// Another test may have done so.
  private void createTheProofNamespace() {
    String proof = PolicyNames.PROOF_NAMESPACE;
    server.send("POST", "/api/v1/namespaces", PolicyServer.object("v1", "Namespace", proof));
    server.send(
        "POST",
        "/api/v1/namespaces/" + proof + "/serviceaccounts",
        PolicyServer.object("v1", "ServiceAccount", "default"));
  }

  private static PolicyObject.Allow allow(Exemption exemption) {
    return new PolicyObject.Allow(RULES, exemption, null);
  }

  private static Clause names(String... namespaces) {
    return new Clause.Names(List.of(namespaces));
  }
}
