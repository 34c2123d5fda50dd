package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.PolicyObject.Actions;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.Observing;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBuilder;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Policies on a real API server, with the rights of the shipped manifest.
class PoliciesIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final KubeApiServer server = KubeApiServer.shared();
  private final String environment = KubeApiServer.uniqueName("env");
  private final String namespace = server.createNamespace("shop");
  private final PolicyDaemon daemon = new PolicyDaemon(server, environment);
  private final List<Resource> desired =
      daemon.allow(daemon.limited("quay.io/acme", "old.example"), Actions.WARN, namespace);

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  void tellsWhatTheServerCanEnforce() throws TargetException {
    var cluster = (Surroundings.Cluster) daemon.target().surroundings();

    assertThat(cluster.admission().validating()).isTrue();
    assertThat(cluster.admission().mutating()).isEqualTo(Admission.Mutating.V1);
    assertThat(cluster.admission().server()).startsWith("v1.");
  }

  @Test
  void writesPoliciesAndThenHasNothingToDoAlsoAfterARestart() throws TargetException {
    var registry = new DefaultRegistry(RepositoryPrefix.parse("quay.io/acme"), LibraryPrefix.KEEP);
    List<Resource> all =
        Stream.concat(desired.stream(), daemon.defaults(registry, "credentials").stream()).toList();

    assertThat(daemon.converge(all)).hasSize(5).containsOnly(new Outcome.Applied());

    assertThat(daemon.plan(all).changes()).isEmpty();
    assertThat(policy().getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "tidewaiter")
        .containsEntry("tidewaiter.dev/instance", daemon.instance())
        .containsEntry("tidewaiter.dev/environment", environment);
    assertThat(policy().getMetadata().getAnnotations())
        .containsEntry("tidewaiter.dev/self", daemon.policy());
    assertThat(daemon.target().environments()).containsExactly(environment);
    try (var again = Daemon.open(server, daemon.instance())) {
      assertThat(again.target().environments()).containsExactly(environment);
      assertThat(again.target().observePolicies(environment, Set.of())).hasSize(5);
    }
  }

  @Test
  void writesOnlyWhatChanges() throws TargetException {
    daemon.converge(desired);
    String binding = bindings().withName(daemon.policy() + ".names").get().getMetadata().getUid();
    List<Resource> other =
        daemon.allow(daemon.limited("quay.io/acme", "new.example"), Actions.DENY, namespace);

    assertThat(daemon.converge(other)).hasSize(3).containsOnly(new Outcome.Applied());

    assertThat(daemon.plan(other).changes()).isEmpty();
    assertThat(rendered()).contains("new.example").doesNotContain("old.example");
    var bound = bindings().withName(daemon.policy() + ".names").get();
    assertThat(bound.getSpec().getValidationActions()).containsExactly("Deny", "Audit");
    assertThat(bound.getMetadata().getUid()).isEqualTo(binding);
  }

  @Test
  void bringsBackWhatSomebodyDeleted() throws TargetException {
    daemon.converge(desired);

    bindings().withName(daemon.policy() + ".names").delete();

    var event =
        new TargetEvent(ResourceId.CLUSTER_WIDE, "ValidatingAdmissionPolicyBinding deleted");
    Await.until(LIMIT, () -> assertThat(daemon.events()).contains(event));
    assertThat(daemon.converge(desired)).containsExactly(new Outcome.Applied());
    assertThat(bindings().withName(daemon.policy() + ".names").get()).isNotNull();
  }

  @Test
  void correctsAnExpressionThatSomebodyEdited() throws TargetException {
    daemon.converge(desired);
    String before = rendered();

    policies()
        .withName(daemon.policy())
        .edit(
            policy ->
                new ValidatingAdmissionPolicyBuilder(policy)
                    .editSpec()
                    .editLastValidation()
                    .withExpression("true")
                    .endValidation()
                    .endSpec()
                    .build());

    awaitEdited(ResourceKind.ALLOW_POLICY, "");
    assertThat(daemon.events())
        .contains(new TargetEvent(ResourceId.CLUSTER_WIDE, "ValidatingAdmissionPolicy changed"));
    assertThat(daemon.target().otherWriter(daemon.id(ResourceKind.ALLOW_POLICY, ""))).isPresent();
    assertThat(daemon.converge(desired)).containsExactly(new Outcome.Applied());
    assertThat(rendered()).isEqualTo(before);
    assertThat(daemon.plan(desired).changes()).isEmpty();
  }

  @Test
  void takesAwayAConditionThatSomebodyAdded() throws TargetException {
    daemon.converge(desired);

    policies()
        .withName(daemon.policy())
        .edit(
            policy ->
                new ValidatingAdmissionPolicyBuilder(policy)
                    .editSpec()
                    .editOrNewMatchConstraints()
                    .editOrNewNamespaceSelector()
                    .addToMatchLabels("added-by-hand", "yes")
                    .endNamespaceSelector()
                    .endMatchConstraints()
                    .endSpec()
                    .build());

    awaitEdited(ResourceKind.ALLOW_POLICY, "");
    assertThat(daemon.converge(desired)).containsExactly(new Outcome.Applied());
    assertThat(rendered()).doesNotContain("added-by-hand");
  }

  @Test
  void writesAnewWhatSomebodyMadeUnreadable() throws TargetException {
    daemon.converge(desired);

    policies()
        .withName(daemon.policy())
        .edit(
            policy ->
                new ValidatingAdmissionPolicyBuilder(policy)
                    .editMetadata()
                    .addToAnnotations(Marks.RULES, "{\"bogus\": \"field\"}")
                    .endMetadata()
                    .build());

    awaitEdited(ResourceKind.ALLOW_POLICY, "");
    assertThat(daemon.converge(desired)).contains(new Outcome.Applied());
    assertThat(daemon.plan(desired).changes()).isEmpty();
  }

  @Test
  void leavesAForeignPolicyOfOurNameAlone() throws TargetException {
    policies()
        .resource(
            new ValidatingAdmissionPolicyBuilder()
                .withNewMetadata()
                .withName(daemon.policy())
                .addToLabels(Map.of("owner", "somebody-else"))
                .endMetadata()
                .withNewSpec()
                .withNewMatchConstraints()
                .addNewResourceRule()
                .withApiGroups("")
                .withApiVersions("v1")
                .withOperations("CREATE")
                .withResources("pods")
                .endResourceRule()
                .endMatchConstraints()
                .addNewValidation()
                .withExpression("true")
                .endValidation()
                .endSpec()
                .build())
        .create();

    List<Outcome> outcomes = daemon.converge(desired.subList(0, 1));

    policies().withName(daemon.policy()).delete();
    assertThat(outcomes)
        .singleElement()
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(FailureReason.Conflict);
              assertThat(failed.detail()).contains(daemon.policy(), "not ours");
            });
  }

  @Test
  void knowsItsOwnThatItsWatchHasNotToldOf() throws TargetException {
    List<Change> again = daemon.plan(desired).changes();
    List<Change> others =
        daemon.plan(daemon.allow(daemon.limited("b.example"), Actions.WARN, namespace)).changes();
    daemon.converge(desired);

    assertThat(again)
        .hasSize(3)
        .allSatisfy(
            change -> assertThat(daemon.apply(change)).isInstanceOf(Outcome.Unchanged.class));
    assertThat(daemon.apply(others.getFirst()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(FailureReason.Conflict);
              assertThat(failed.detail())
                  .contains("ours, with other rules")
                  .doesNotContain("delete");
            });
    assertThat(daemon.plan(desired).changes()).isEmpty();
  }

  @Test
  void prunesWhatIsNoLongerDeclared() throws TargetException {
    daemon.converge(desired);

    assertThat(daemon.converge(List.of())).hasSize(3).containsOnly(new Outcome.Applied());

    assertThat(policies().withName(daemon.policy()).get()).isNull();
    assertThat(daemon.target().environments()).isEmpty();
  }

  @Test
  void releasesAPolicyThatStaysInForce() throws TargetException {
    daemon.converge(desired);

    Outcome released = daemon.release(daemon.id(ResourceKind.ALLOW_POLICY, ""));

    assertThat(released).isEqualTo(new Outcome.Applied());
    ValidatingAdmissionPolicy left = policy();
    policies().withName(daemon.policy()).delete();
    assertThat(left.getMetadata().getLabels()).isNullOrEmpty();
    assertThat(left.getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(left.getSpec().getValidations()).isNotEmpty();
    assertThat(daemon.release(daemon.id(ResourceKind.ALLOW_POLICY, "")))
        .isInstanceOf(Outcome.Unchanged.class);
  }

  @Test
  void twoInstancesHaveEachTheirOwn() throws TargetException {
    daemon.converge(desired);
    try (var other = new PolicyDaemon(server, environment)) {
      List<Resource> theirs = other.allow(other.limited("b.example"), Actions.WARN, namespace);

      assertThat(other.converge(theirs)).hasSize(3).containsOnly(new Outcome.Applied());
      assertThat(other.converge(List.of())).hasSize(3).containsOnly(new Outcome.Applied());
    }
    assertThat(daemon.plan(desired).changes()).isEmpty();
    assertThat(policy()).isNotNull();
  }

  @Test
  void aCopyOfOursIsNotOurs() throws TargetException {
    daemon.converge(desired);
    ValidatingAdmissionPolicy copy =
        new ValidatingAdmissionPolicyBuilder(policy())
            .editMetadata()
            .withName(daemon.policy() + ".copy")
            .withResourceVersion(null)
            .withUid(null)
            .endMetadata()
            .build();
    policies().resource(copy).create();

    ResourceId id = daemon.id(ResourceKind.ALLOW_POLICY, ".copy");
    Await.until(
        LIMIT,
        () ->
            assertThat(find(id))
                .singleElement()
                .extracting(ObservedResource::holding)
                .isInstanceOf(Holding.Foreign.class));
    assertThat(daemon.plan(desired).changes()).isEmpty();
  }

  @Test
  void withRightsFromBeforePoliciesAllElseGoesOn() throws IOException {
    String manifest = Files.readString(Path.of("src/main/kubernetes/rbac.yaml"));
    apply(manifest.replace("[admissionregistration.k8s.io]", "[none.example]"));
    Path file = server.directory().resolve(KubeApiServer.uniqueName("old-rights"));
    String user = "token: " + server.token("tidewaiter-system", "tidewaiter");
    Files.writeString(file, server.kubeconfig(server.port(), user));
    var access = new ClusterSettings.Access.Kubeconfig(file, null);
    var settings =
        new ClusterSettings("testbed", access, daemon.instance(), null, Duration.ofMinutes(10));
    ResourceId policy = daemon.id(ResourceKind.ALLOW_POLICY, "");
    try {
      Await.until(
          LIMIT,
          () -> {
            var sealer = Sealer.withRandomKey();
            try (var old = KubernetesTarget.open(settings, sealer, () -> Instant.EPOCH, Map.of())) {
              assertThatThrownBy(() -> old.observePolicies(environment, Set.of(policy)))
                  .isInstanceOf(TargetException.class)
                  .hasMessageContaining("list validatingadmissionpolicies: answered 403");
              assertThat(old.observePolicies(environment, Set.of())).isEmpty();
              assertThat(Observing.all(old, environment, Set.of(policy))).isEmpty();
              assertThat(old.environments()).isEmpty();
            }
          });
    } finally {
      apply(manifest);
    }
  }

  private void apply(String manifest) {
    var stream = new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8));
    server.admin().load(stream).serverSideApply();
  }

  private void awaitEdited(ResourceKind kind, String suffix) {
    ResourceId id = daemon.id(kind, suffix);
    Await.until(
        LIMIT,
        () ->
            assertThat(find(id))
                .singleElement()
                .satisfies(seen -> assertThat(seen.fields()).containsKey("spec")));
  }

  private List<ObservedResource> find(ResourceId id) throws TargetException {
    return daemon.target().observePolicies(environment, Set.of(id)).stream()
        .filter(resource -> resource.id().equals(id))
        .toList();
  }

  private ValidatingAdmissionPolicy policy() {
    return policies().withName(daemon.policy()).get();
  }

  private String rendered() {
    return String.valueOf(policy().getSpec());
  }

  private NonNamespaceOperation<
          ValidatingAdmissionPolicy,
          ?,
          io.fabric8.kubernetes.client.dsl.Resource<ValidatingAdmissionPolicy>>
      policies() {
    return server.admin().admissionRegistration().v1().validatingAdmissionPolicies();
  }

  private NonNamespaceOperation<
          ValidatingAdmissionPolicyBinding,
          ?,
          io.fabric8.kubernetes.client.dsl.Resource<ValidatingAdmissionPolicyBinding>>
      bindings() {
    return server.admin().admissionRegistration().v1().validatingAdmissionPolicyBindings();
  }
}
