package dev.tidewaiter.desired;

import static dev.tidewaiter.desired.PolicyFixture.POLICY;
import static dev.tidewaiter.desired.PolicyFixture.allow;
import static dev.tidewaiter.desired.PolicyFixture.defaulting;
import static dev.tidewaiter.desired.PolicyFixture.deny;
import static dev.tidewaiter.desired.PolicyFixture.governance;
import static dev.tidewaiter.desired.PolicyFixture.labelled;
import static dev.tidewaiter.desired.PolicyFixture.policies;
import static dev.tidewaiter.desired.PolicyFixture.policy;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Environment.Namespaces;
import dev.tidewaiter.config.Environment.PullSecret;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.config.RegistryPolicy.Activation;
import dev.tidewaiter.config.RegistryPolicy.Enforcement;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.policy.LibraryPrefix;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// The policies of an environment, as objects of a cluster.
class ClusterPoliciesTest {
  private static final Admission ALL = new Admission(true, Admission.Mutating.V1, "v1.36.3");
  private static final List<String> SYSTEM =
      List.of("cattle-*", "kube-*", "openshift-*", "tidewaiter");

  private final Fixture fixture = new Fixture();

  @Test
  void hasNothingWithoutAPolicyAnInactiveRegistryOrInjection() {
    Compiled compiled = compile(ALL, Fixture.namespace("shop"));
    assertThat(policies(compiled)).isEmpty();
    assertThat(compiled.governance()).isNull();
  }

  @Test
  void anAllowListIsAPolicyWithABindingForEachClauseAndTheProof() {
    fixture.policy = policy(Enforcement.DENY);
    fixture.namespaces =
        new Namespaces(
            false,
            List.of("stock", "shop"),
            Map.of("team", "payments"),
            List.of("c-1:p-b", "c-1:p-a"),
            List.of("sandbox"));
    Compiled compiled = compile(ALL, Fixture.namespace("shop"));
    assertThat(policies(compiled).keySet())
        .containsExactlyInAnyOrder(
            "ALLOW_POLICY " + POLICY,
            "ALLOW_BINDING " + POLICY + ".names",
            "ALLOW_BINDING " + POLICY + ".labels",
            "ALLOW_BINDING " + POLICY + ".projects",
            "ALLOW_BINDING " + POLICY + ".proof");
    assertThat(policies(compiled))
        .containsEntry("ALLOW_BINDING " + POLICY + ".names", deny(new Clause.Names(sorted())))
        .containsEntry(
            "ALLOW_BINDING " + POLICY + ".labels",
            deny(new Clause.Labels(Map.of("team", "payments"))))
        .containsEntry(
            "ALLOW_BINDING " + POLICY + ".projects",
            deny(new Clause.Projects(List.of("p-a", "p-b"))))
        .containsEntry("ALLOW_BINDING " + POLICY + ".proof", deny(new Clause.Proof("production")));
    PolicyObject.Allow allow = allow(compiled);
    assertThat(allow.rules().policy()).isEqualTo("restricted");
    assertThat(allow.rules().allowed()).extracting(Object::toString).containsExactly("docker.io");
    assertThat(allow.hint()).isNull();
    assertThat(allow.exemption())
        .isEqualTo(
            new Exemption(
                List.of("cattle-*", "ci", "kube-*", "openshift-*", "sandbox", "tidewaiter"),
                List.of()));
    assertThat(governance(compiled).denies()).isTrue();
    assertThat(governance(compiled).unsupported()).isEmpty();
  }

  private static List<String> sorted() {
    return List.of("shop", "stock");
  }

  @Test
  void everyNamespaceIsOneClause() {
    fixture.policy = policy(Enforcement.AUDIT);
    fixture.namespaces = new Namespaces(true, List.of("shop"), null, List.of(), List.of());
    assertThat(policies(compile(ALL, Fixture.namespace("shop"))))
        .containsEntry(
            "ALLOW_BINDING " + POLICY + ".all",
            new PolicyObject.AllowBinding(POLICY, new Clause.All(), PolicyObject.Actions.AUDIT))
        .hasSize(2);
  }

  @Test
  void inactiveRegistriesAreDeniedWithoutAPolicyUnlessAnActiveOneHasTheAddress() {
    inactive("old", "old.example:443");
    inactive("moved", "moved.example");
    fixture.declare("replacement", "moved.example:443");
    Compiled compiled = compile(ALL, Fixture.namespace("shop"));
    PolicyObject.Allow allow = allow(compiled);
    assertThat(allow.rules().allowed()).isNull();
    assertThat(allow.rules().policy()).isEmpty();
    assertThat(allow.rules().inactive().toString()).isEqualTo("{old.example:443=old}");
    assertThat(governance(compiled).denies()).isTrue();
    assertThat(governance(compiled).declared()).isNull();
  }

  @Test
  void aDefaultRegistryAndInjectionAreOnePolicyWhereTheyCoverTheSame() {
    fixture.policy = defaulting(List.of());
    fixture.injectPullSecrets = true;
    SortedMap<String, PolicyObject> policies = policies(compile(ALL, Fixture.namespace("shop")));
    assertThat(policies.keySet())
        .containsExactly(
            "DEFAULT_BINDING " + POLICY + ".names",
            "DEFAULT_BINDING " + POLICY + ".proof",
            "DEFAULT_POLICY " + POLICY);
    var defaults = (PolicyObject.Default) requireNonNull(policies.get("DEFAULT_POLICY " + POLICY));
    assertThat(defaults.pullSecrets()).containsExactly("pull");
    assertThat(requireNonNull(defaults.registry()).prefix()).hasToString("quay.io/hub");
    assertThat(requireNonNull(defaults.registry()).library()).isEqualTo(LibraryPrefix.DROP);
    assertThat(defaults.exemption()).isEqualTo(new Exemption(SYSTEM, List.of()));
  }

  @Test
  void aNamespaceThatThePolicyExemptsStillGetsPullSecrets() {
    fixture.policy = defaulting(List.of("ci"));
    fixture.injectPullSecrets = true;
    fixture.mode = PullSecret.Mode.PER_REGISTRY;
    SortedMap<String, PolicyObject> policies = policies(compile(ALL, Fixture.namespace("shop")));
    var defaults = (PolicyObject.Default) requireNonNull(policies.get("DEFAULT_POLICY " + POLICY));
    var injects =
        (PolicyObject.Default) requireNonNull(policies.get("DEFAULT_POLICY " + POLICY + ".inject"));
    assertThat(defaults.pullSecrets()).isEmpty();
    assertThat(defaults.exemption().covers("ci")).isTrue();
    assertThat(injects.registry()).isNull();
    assertThat(injects.pullSecrets()).containsExactly("pull-hub", "pull-quay");
    assertThat(injects.exemption().covers("ci")).isFalse();
  }

  @Test
  void whatAClauseCoversIsGovernedWhoeverServesIt() {
    fixture.policy = policy(Enforcement.DENY);
    fixture.namespaces =
        new Namespaces(
            false, List.of("kube-system"), Map.of("team", "a"), List.of("c-1:p-a"), List.of());
    Compiled compiled =
        compile(
            ALL,
            labelled("labelled", Map.of("field.cattle.io/projectId", "p-a"), "c-1:p-a"),
            labelled("annotated", Map.of(), "c-1:p-a"),
            labelled("elsewhere", Map.of("field.cattle.io/projectId", "p-a"), "c-2:p-a"),
            labelled("contested", Map.of("team", "a"), "", "prod-eu2/production"),
            labelled("shop", Map.of("team", "a"), ""),
            Fixture.namespace("kube-system"),
            Fixture.namespace("unrelated"));
    SortedMap<String, PolicyObject> policies = policies(compiled);
    assertThat(policies)
        .containsEntry(
            "ALLOW_BINDING " + POLICY + ".names", deny(new Clause.Names(List.of("annotated"))));
    var allow = (PolicyObject.Allow) requireNonNull(policies.get("ALLOW_POLICY " + POLICY));
    assertThat(allow.exemption().exempt())
        .containsExactly("cattle-*", "ci", "kube-*", "openshift-*", "tidewaiter");
    assertThat(governance(compiled).namespaces())
        .containsExactly("annotated", "contested", "elsewhere", "labelled", "shop");
    assertThat(compiled.contestedScopes()).containsOnlyKeys("contested");
  }

  @Test
  void whoeverElseClaimsANamespaceOpensNothing() {
    fixture.policy = policy(Enforcement.DENY, "quay.io/hub", List.of("quay.io"), List.of());
    Compiled free = compile(ALL, Fixture.namespace("shop"));
    Compiled marked = compile(ALL, Fixture.namespace("shop", "x/y"));
    fixture.declareRival("staging");
    Compiled claimedTwice = compile(ALL, Fixture.namespace("shop"));
    for (Compiled contested : List.of(marked, claimedTwice)) {
      assertThat(contested.contestedScopes()).containsOnlyKeys("shop");
      assertThat(policies(contested)).isEqualTo(policies(free)).isNotEmpty();
      assertThat(contested.governance()).isEqualTo(free.governance());
    }
  }

  @Test
  void injectsNothingWhereAnotherDelivers() {
    fixture.policy = defaulting(List.of());
    fixture.injectPullSecrets = true;
    Exemption system = new Exemption(SYSTEM, List.of());
    assertThat(policies(compile(ALL, Fixture.namespace("shop", "x/y"))))
        .hasEntrySatisfying(
            "DEFAULT_POLICY " + POLICY,
            one -> assertThat(((PolicyObject.Default) one).exemption()).isEqualTo(system))
        .hasEntrySatisfying(
            "DEFAULT_POLICY " + POLICY + ".inject",
            one ->
                assertThat(((PolicyObject.Default) one).exemption())
                    .isEqualTo(system.with(List.of("shop"))));
  }

  @Test
  void theDaemonsLimitsHoldForNamespacesThatDoNotExistYet() {
    fixture.policy = policy(Enforcement.DENY);
    fixture.namespaces = new Namespaces(true, List.of(), null, List.of(), List.of());
    fixture.limits = new NamespaceLimits(List.of("team-*"), List.of("*-sandbox", "tidewaiter-*"));
    Exemption exemption = allow(compile(ALL, Fixture.namespace("team-a"))).exemption();
    assertThat(exemption.covers("team-a")).isFalse();
    assertThat(exemption.covers("team-sandbox")).isTrue();
    assertThat(exemption.covers("shop")).isTrue();
    assertThat(exemption.covers("kube-system")).isTrue();
    assertThat(exemption.covers("tidewaiter")).isTrue();
    assertThat(exemption.covers(PolicyNames.PROOF_NAMESPACE)).isFalse();
  }

  @Test
  void whileHeldACandidateWarnsBesideWhatIsDeclared() {
    fixture.policy = policy(Enforcement.DENY);
    SortedMap<String, PolicyObject> declared = policies(compile(ALL, Fixture.namespace("shop")));
    fixture.enforcing = Enforcing.CANDIDATE;
    SortedMap<String, PolicyObject> held = policies(compile(ALL, Fixture.namespace("shop")));
    assertThat(held).containsAllEntriesOf(declared).hasSize(declared.size() + 2);
    String candidate = POLICY + ".candidate";
    assertThat(held.get("ALLOW_POLICY " + candidate))
        .isEqualTo(declared.get("ALLOW_POLICY " + POLICY));
    assertThat(held)
        .containsEntry(
            "ALLOW_BINDING " + candidate + ".names",
            new PolicyObject.AllowBinding(
                candidate, new Clause.Names(List.of("shop")), PolicyObject.Actions.WARN));
  }

  @Test
  void whatWasRolledBackAuditsExceptInTheProof() {
    fixture.policy = policy(Enforcement.DENY);
    fixture.enforcing = Enforcing.rolledBack(Set.of());
    assertThat(policies(compile(ALL, Fixture.namespace("shop"))))
        .containsEntry(
            "ALLOW_BINDING " + POLICY + ".names",
            new PolicyObject.AllowBinding(
                POLICY, new Clause.Names(List.of("shop")), PolicyObject.Actions.AUDIT))
        .containsEntry("ALLOW_BINDING " + POLICY + ".proof", deny(new Clause.Proof("production")));
  }

  @Test
  void whatOnlyWarnsNeedsNoCandidateAndNoProof() {
    fixture.policy = policy(Enforcement.WARN);
    fixture.enforcing = Enforcing.CANDIDATE;
    Compiled compiled = compile(ALL, Fixture.namespace("shop"));
    assertThat(policies(compiled)).hasSize(2);
    assertThat(governance(compiled).denies()).isFalse();
    assertThat(governance(compiled).isUnenforced()).isFalse();
  }

  @Test
  void whatTheClusterCannotIsToldWithTheVersionThatCan() {
    fixture.policy = policy(Enforcement.DENY, "quay.io/hub", List.of("quay.io"), List.of());
    fixture.injectPullSecrets = true;
    inactive("old", "old.example");
    Compiled none = compile(Admission.none("v1.28.2"), Fixture.namespace("shop"));
    assertThat(policies(none)).isEmpty();
    assertThat(governance(none).isUnenforced()).isTrue();
    assertThat(governance(none).unsupported())
        .containsExactly(
            "the allow-list is not enforced by v1.28.2: that needs ValidatingAdmissionPolicy, which"
                + " Kubernetes 1.30 has",
            "inactive registries are not denied by v1.28.2: that needs ValidatingAdmissionPolicy,"
                + " which Kubernetes 1.30 has",
            "the default registry is not applied by v1.28.2: that needs MutatingAdmissionPolicy,"
                + " which Kubernetes 1.36 has, and 1.34 where v1beta1 is enabled; write images with"
                + " `quay.io/hub/`",
            "pull Secrets are not injected by v1.28.2: that needs MutatingAdmissionPolicy, which"
                + " Kubernetes 1.36 has, and 1.34 where v1beta1 is enabled");
    Compiled validating =
        compile(new Admission(true, Admission.Mutating.NONE, ""), Fixture.namespace("shop"));
    PolicyObject.Allow allow = allow(validating);
    assertThat(allow.hint()).isNotNull();
    assertThat(policies(validating).keySet()).noneMatch(name -> name.startsWith("DEFAULT"));
    assertThat(governance(validating).isUnenforced()).isFalse();
    assertThat(governance(validating).unsupported())
        .hasSize(2)
        .allMatch(text -> text.contains(" by this API server: "));
  }

  @Test
  void aRetiredEnvironmentAndAnotherClustersHaveNone() {
    fixture.policy = policy(Enforcement.DENY);
    fixture.injectPullSecrets = true;
    fixture.clusters = List.of("other");
    assertThat(compile(ALL, Fixture.namespace("shop")).governance()).isNull();
    fixture.clusters = null;
    fixture.state = Environment.State.RETIRED;
    Compiled retired = compile(ALL, Fixture.namespace("shop"));
    assertThat(retired.governance()).isNull();
    assertThat(retired.resources()).isEmpty();
  }

  @Test
  void withoutAClauseThereIsNothingToGovern() {
    fixture.policy = policy(Enforcement.DENY);
    fixture.namespaces = new Namespaces(false, List.of("kube-system"), null, List.of(), List.of());
    Compiled compiled = compile(ALL, Fixture.namespace("kube-system"));
    assertThat(policies(compiled)).isEmpty();
    assertThat(compiled.governance()).isNull();
  }

  @Test
  void anApprovalLapsesWhenRulesChangeAndNotWhenItIsWritten() {
    fixture.policy = policy(Enforcement.DENY);
    Compiled before = compile(ALL, Fixture.namespace("shop"));
    RegistryPolicy declared = fixture.policy;
    fixture.policy =
        new RegistryPolicy(
            declared.name(),
            Place.of("elsewhere.yaml"),
            null,
            declared.libraryPrefix(),
            declared.allowedRegistries(),
            declared.enforcement(),
            declared.exemptNamespaces(),
            new Activation(7, governance(before).id() + "/7"));
    Compiled approved = compile(ALL, Fixture.namespace("shop"), Fixture.namespace("new"));
    assertThat(governance(approved).id()).isEqualTo(governance(before).id());
    assertThat(approved.scopeId()).isEqualTo(before.scopeId());
    fixture.policy = policy(Enforcement.DENY, null, List.of("docker.io", "quay.io"), List.of("ci"));
    Compiled changed = compile(ALL, Fixture.namespace("shop"));
    assertThat(governance(changed).id()).isNotEqualTo(governance(before).id());
    assertThat(changed.scopeId()).isNotEqualTo(before.scopeId());
  }

  private Compiled compile(Admission admission, Surroundings.Namespace... namespaces) {
    return fixture.compile(Fixture.cluster(admission, namespaces));
  }

  private void inactive(String name, String address) {
    fixture.declare(name, address, Registry.State.INACTIVE, new Registry.Tls(null, null, false));
  }
}
