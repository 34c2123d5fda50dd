package dev.tidewaiter.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is said of hosts in declarations that are valid and may not do what their author thinks.
class HostingRulesTest {
  private static final String QUAY = Trees.registry("quay", "quay.io");
  private static final String LAB =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: lab}
      spec:
        address: lab.example
        credential: {anonymous: {}}
        tls: {ca: {file: /run/ca.pem}}
        mirrors: [mirror.example/lab, quay.io]
      """;

  @Test
  void readsWhatHostsAreToHave() {
    Declarations declarations =
        accepted(
                LAB,
                hosts(
                    "lab",
                    "runtimes: [containerd, kubelet], credentials: {users: [root], node: true},"
                        + " trustStore: true, unsupported: Accept"))
            .declarations();

    assertThat(requireNonNull(declarations.environments().get("production")).hosts())
        .isEqualTo(
            new Environment.Hosts(
                Map.of("role", "worker"),
                List.of("containerd", "kubelet"),
                List.of("root"),
                true,
                true,
                Environment.Unsupported.ACCEPT));
    assertThat(requireNonNull(declarations.registries().get("lab")).mirrors())
        .containsExactly("mirror.example/lab", "quay.io");
  }

  @Test
  void hasTheDefaultsOfTheSchema() {
    Declarations declarations = accepted(QUAY, hosts("")).declarations();

    assertThat(requireNonNull(declarations.environments().get("production")).hosts())
        .isEqualTo(new Environment.Hosts(Map.of("role", "worker"), List.of("docker"), List.of()));
    assertThat(notes(QUAY, hosts(""))).isEmpty();
  }

  @Test
  void notesThatCredentialsOfANodeAreForAll() {
    assertThat(notes(QUAY, hosts("runtimes: [docker, podman], credentials: {node: true}")))
        .containsExactly(
            "Whoever runs something on these hosts pulls with the credentials of the environment.");
  }

  @Test
  void notesCredentialsThatNoRuntimeTakes() {
    assertThat(notes(QUAY, hosts("runtimes: [podman, crio], credentials: {node: true}")))
        .containsExactly("None of the runtimes takes credentials of the whole machine.");
    assertThat(notes(QUAY, hosts("runtimes: [containerd], credentials: {users: [root]}")))
        .containsExactly("None of the runtimes takes the credentials of users.");
    assertThat(notes(QUAY, hosts("runtimes: [docker, podman], credentials: {users: [root]}")))
        .isEmpty();
  }

  @Test
  void notesAKubeletWithNothingToHave() {
    assertThat(notes(QUAY, hosts("runtimes: [containerd, kubelet]")))
        .containsExactly(
            "`kubelet` is managed only for the credentials of the whole node, and"
                + " `credentials.node` is not set.");
  }

  @Test
  void notesATrustStoreWithoutAnyCa() {
    assertThat(notes(QUAY, hosts("trustStore: true")))
        .containsExactly(
            "No active registry of the environment has a CA, so nothing goes into the trust"
                + " store.");
    assertThat(notes(LAB, hosts("lab", "trustStore: true"))).isEmpty();
  }

  @Test
  void notesThatADefaultRegistryTakesThePlaceOfDockerHub() {
    assertThat(notes(QUAY, policy("{defaultRegistry: quay.io/hub}"), governed()))
        .containsExactly(
            "On hosts the default registry of the policy, `quay.io/hub`, takes the place of Docker"
                + " Hub altogether: `docker.io/nginx` is pulled from it as well.");
    assertThat(
            notes(QUAY, policy("{defaultRegistry: quay.io/hub, libraryPrefix: Drop}"), governed()))
        .containsExactly(
            "On hosts the default registry of the policy is not applied, because no runtime can"
                + " leave out `library/`.");
    assertThat(notes(QUAY, policy("{allowedRegistries: [quay.io, docker.io]}"), governed()))
        .isEmpty();
  }

  @Test
  void saysNothingOfRetiredEnvironments() {
    assertThat(
            notes(
                QUAY,
                Trees.environment(
                    "production",
                    "{state: Retired, hosts: {selector: {matchLabels: {role: worker}},"
                        + " credentials: {node: true}, trustStore: true}}")))
        .isEmpty();
  }

  private static String hosts(String further) {
    return hosts("quay", further);
  }

  private static String hosts(String registry, String further) {
    return Trees.environment(
        "production",
        "{registries: [%s], hosts: {selector: {matchLabels: {role: worker}}%s}}"
            .formatted(registry, further.isEmpty() ? "" : ", " + further));
  }

  private static String governed() {
    return Trees.environment(
        "production",
        "{registries: [quay], policy: restricted, hosts: {selector: {matchLabels: {role: w}}}}");
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

  private static List<String> notes(String... documents) {
    return accepted(documents).notes().stream().map(Problem::message).toList();
  }

  private static Loaded.Accepted accepted(String... documents) {
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(Trees.documents(documents), context)) {
      case Loaded.Accepted accepted -> accepted;
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }
}
