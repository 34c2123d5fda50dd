package dev.tidewaiter.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Problem;
import dev.tidewaiter.policy.LibraryPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is said of policies that are valid and may not do what their author thinks.
class GovernanceRulesTest {
  private static final String QUAY = Trees.registry("quay", "quay.io");
  private static final String OLD =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: old}
      spec: {address: old.example, state: Inactive, credential: {anonymous: {}}}
      """;
  private static final String WITH_PASSWORD =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: hub}
      spec:
        address: docker.io
        credential: {basic: {username: u, password: {file: /run/p}}}
      """;

  @Test
  void readsWhatAPolicySays() {
    RegistryPolicy policy =
        declarations(
                QUAY,
                policy(
                    "{defaultRegistry: quay.io/hub, libraryPrefix: Drop, enforcement: Warn,"
                        + " exemptNamespaces: [ci], activation: {maxDenied: 3, approve: a/1}}"))
            .policies()
            .get("restricted");
    assertThat(policy)
        .isEqualTo(
            new RegistryPolicy(
                "restricted",
                requireNonNull(policy).place(),
                "quay.io/hub",
                LibraryPrefix.DROP,
                null,
                RegistryPolicy.Enforcement.WARN,
                List.of("ci"),
                new RegistryPolicy.Activation(3, "a/1")));
  }

  @Test
  void hasTheDefaultsOfTheSchema() {
    RegistryPolicy policy = declarations(QUAY, policy("{}")).policies().get("restricted");
    assertThat(policy)
        .isEqualTo(
            new RegistryPolicy(
                "restricted",
                requireNonNull(policy).place(),
                null,
                LibraryPrefix.KEEP,
                null,
                RegistryPolicy.Enforcement.DENY,
                List.of(),
                RegistryPolicy.Activation.DEFAULT));
  }

  @Test
  void notesAnAllowedRegistryThatIsInactive() {
    String policy = policy("{allowedRegistries: [old.example/team, docker.io]}");
    assertThat(notes(OLD, policy))
        .containsExactly(
            "`old.example/team` is on the allow-list, and Registry `old` is inactive: environments"
                + " that list it deny its images.");
    assertThat(notes(OLD, Trees.registry("new", "old.example"), policy)).isEmpty();
  }

  @Test
  void notesADefaultRegistryThatTheEnvironmentHasNoCredentialFor() {
    String policy = policy("{defaultRegistry: quay.io/hub}");
    String environment = "{policy: restricted, namespaces: {names: [shop]}";
    assertThat(notes(QUAY, policy, Trees.environment("production", environment + "}")))
        .containsExactly(
            "The environment has no active registry for `quay.io`, the default of its policy, so"
                + " images without a host are pulled without a credential.");
    assertThat(
            notes(
                QUAY,
                policy,
                Trees.environment("production", environment + ", registries: [quay]}")))
        .isEmpty();
  }

  @Test
  void refusesADefaultRegistryThatTheEnvironmentListsAsInactive() {
    String policy = policy("{defaultRegistry: old.example/hub}");
    String again = Trees.registry("new", "old.example");
    String environment = "{policy: restricted, namespaces: {names: [shop]}, registries: [%s]}";
    String inactive = Trees.environment("production", environment.formatted("old"));
    assertThat(problems(OLD, again, policy, inactive))
        .containsExactly(
            "The environment lists the default registry of its policy, `old.example/hub`, only as"
                + " Registry `old`, which is inactive, so every image without a host would be"
                + " denied.");
    String both = Trees.environment("production", environment.formatted("old, new"));
    assertThat(notes(OLD, again, policy, both)).isEmpty();
    String warning = policy("{defaultRegistry: old.example/hub, enforcement: Warn}");
    assertThat(notes(OLD, again, warning, inactive)).hasSize(1);
  }

  @Test
  void notesAPolicyThatGovernsNothing() {
    assertThat(notes(QUAY, policy("{}"), Trees.environment("production", "{policy: restricted}")))
        .containsExactly(
            "The environment selects neither namespaces nor hosts, so its policy governs"
                + " nothing.");
  }

  @Test
  void notesInjectionOfNothing() {
    String injecting = "{injectPullSecrets: true, registries: [%s]%s}";
    String shop = ", namespaces: {names: [shop]}";
    assertThat(notes(QUAY, Trees.environment("production", injecting.formatted("quay", shop))))
        .containsExactly(
            "No active registry of the environment has a credential, so there is nothing to"
                + " inject.");
    assertThat(
            notes(WITH_PASSWORD, Trees.environment("production", injecting.formatted("hub", ""))))
        .containsExactly(
            "The environment selects no namespace, so there are no pods to inject pull Secrets"
                + " into.");
    assertThat(
            notes(WITH_PASSWORD, Trees.environment("production", injecting.formatted("hub", shop))))
        .isEmpty();
  }

  @Test
  void saysNothingOfRetiredEnvironments() {
    assertThat(
            notes(
                QUAY,
                policy("{defaultRegistry: quay.io}"),
                Trees.environment(
                    "production",
                    "{state: Retired, policy: restricted, injectPullSecrets: true,"
                        + " hosts: {selector: {matchLabels: {role: build}}}}")))
        .isEmpty();
  }

  @Test
  void takesLocalhostAndAPortForHosts() {
    assertThat(
            notes(
                Trees.registry("local", "localhost"),
                Trees.registry("lab", "lab:5000"),
                policy(
                    "{defaultRegistry: localhost, allowedRegistries: [localhost, 'lab:5000/x',"
                        + " docker.io]}")))
        .isEmpty();
  }

  private static String policy(String spec) {
    return """
        apiVersion: tidewaiter.dev/v1
        kind: RegistryPolicy
        metadata: {name: restricted}
        spec: %s
        """
        .formatted(spec);
  }

  private static Declarations declarations(String... documents) {
    return accepted(documents).declarations();
  }

  private static List<String> notes(String... documents) {
    return accepted(documents).notes().stream().map(Problem::message).toList();
  }

  private static List<String> problems(String... documents) {
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(Trees.documents(documents), context)) {
      case Loaded.Accepted _ -> List.of();
      case Loaded.Rejected(List<Problem> problems) ->
          problems.stream().map(Problem::message).toList();
    };
  }

  private static Loaded.Accepted accepted(String... documents) {
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(Trees.documents(documents), context)) {
      case Loaded.Accepted accepted -> accepted;
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }
}
