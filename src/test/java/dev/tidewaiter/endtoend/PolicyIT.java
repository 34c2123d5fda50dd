package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A platform team's days with policies, each a few commits, as they and their developers see them.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PolicyIT {
  private static final Pattern APPROVAL =
      Pattern.compile("activation: (\\{approve: \"[^\"]+\"\\})");
  private static final List<String> KINDS =
      List.of(
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "MutatingAdmissionPolicy",
          "MutatingAdmissionPolicyBinding");
  private static final String PROOF = "tidewaiter-proof";
  private static final String MIRROR = "registry.acme.example";
  private static final String HUB_IMAGE = "docker.io/library/nginx:1.27";

  private final Tenants tenants = new Tenants();
  private final Pods shop = new Pods(tenants.add("default"));

  @TempDir private Path directory;

  /// What the controllers of a cluster make, which are not there.
  @BeforeEach
  void createServiceAccountOfTheProof() {
    Servers.prepareProof();
  }

  @Test
  void introducesAnAllowListWithoutBreakingWhatRuns() {
    shop.deploy("web", HUB_IMAGE);
    shop.deploy("api", "quay.io/acme/api:2");
    shop.create("old", HUB_IMAGE);
    try (Deployment deployment = serving()) {
      policy(deployment, "allowedRegistries: [quay.io]", "enforcement: Deny");
      deployment.environment(tenants, List.of("quay"), "policy: restricted");
      deployment.commit("Introduce an allow-list");

      String held = deployment.awaitCondition("ActivationHeld");

      assertThat(held)
          .contains("2 workload(s) would be denied at their next start")
          .contains("Deployment web in " + shop.namespace() + " (" + HUB_IMAGE + ")")
          .doesNotContain("api");
      Result status = deployment.statusCommand();
      assertThat(status.exitCode()).isEqualTo(5);
      assertThat(status.stdout())
          .contains(
              "Deployment/" + shop.namespace() + "/web", HUB_IMAGE + ": not on the allow-list");
      assertThat(shop.ask(HUB_IMAGE).isRefused()).isFalse();
      policy(
          deployment,
          "allowedRegistries: [quay.io]",
          "enforcement: Deny",
          "activation: " + approval(held));
      deployment.commit("Deny it all the same");
      deployment.awaitReady();

      assertRefused(HUB_IMAGE, "quay.io", "production", "restricted");
      assertThat(shop.ask("quay.io/acme/api:2").isRefused()).isFalse();
      shop.label("old", "payments");
      assertThat(deployment.status().toString()).doesNotContain("ProofInconclusive");
      policy(deployment, "allowedRegistries: [quay.io, docker.io]", "enforcement: Deny");
      deployment.commit("Allow Docker Hub again");
      deployment.awaitReady();
      Await.until(Deployment.LIMIT, () -> assertThat(shop.ask(HUB_IMAGE).isRefused()).isFalse());
      assertNothingIsLeftOf(deployment);
    }
  }

  @Test
  void movesFromDockerHubToAMirror() {
    shop.deploy("web", "nginx:1.27");
    shop.deploy("cache", "docker.io/library/redis:7");
    try (Deployment deployment = serving()) {
      deployment.registry("mirror", MIRROR, "password-of-mirror");
      policy(
          deployment,
          "defaultRegistry: " + MIRROR + "/hub",
          "allowedRegistries: [" + MIRROR + ", quay.io]");
      deployment.environment(
          tenants, List.of("quay", "mirror"), "policy: restricted", "injectPullSecrets: true");
      deployment.commit("Move to the mirror");

      String held = deployment.awaitCondition("ActivationHeld");

      assertThat(held).contains("1 workload(s)", "Deployment cache").doesNotContain("web");
      Result diff = deployment.run("diff", "--output", "markdown");
      assertThat(diff.stdout()).contains("docker.io/library/redis:7: not on the allow-list");
      Await.until(
          Deployment.LIMIT,
          () ->
              assertThat(shop.ask("nginx:1.27"))
                  .isEqualTo(
                      new Pods.Answer(
                          "", MIRROR + "/hub/library/nginx:1.27", List.of(Tenants.SECRET))));
      assertThat(shop.ask("docker.io/library/redis:7").isRefused()).isFalse();
      shop.deploy("cache", "redis:7");
      deployment.awaitReady();
      assertRefused("docker.io/library/redis:7", MIRROR, "production");
      assertThat(shop.ask("redis:7").image()).isEqualTo(MIRROR + "/hub/library/redis:7");
      assertNothingIsLeftOf(deployment);
    }
  }

  @Test
  void retiresARegistry() {
    shop.deploy("api", "quay.io/acme/api:2");
    try (Deployment deployment = serving()) {
      deployment.registry("mirror", MIRROR, "password-of-mirror");
      deactivate(deployment, "registries/quay.yaml");
      deployment.environment(tenants, List.of("quay", "mirror")).commit("Retire quay");

      String held = deployment.awaitCondition("ActivationHeld");

      assertThat(held).contains("Deployment api", "RegistryPolicy");
      assertThat(shop.ask("quay.io/acme/api:2").isRefused()).isFalse();
      shop.deploy("api", MIRROR + "/acme/api:2");
      deployment.awaitReady();
      assertRefused("quay.io/acme/api:2", "inactive", "production");
      assertThat(tenants.passwords(shop.namespace())).containsOnlyKeys(MIRROR);
      assertNothingIsLeftOf(deployment);
    }
  }

  @Test
  void mayCreatePodsInTheNamespaceOfTheProofAndNowhereElse() {
    assertThat(mayCreatePodsIn(PROOF)).isTrue();
    for (String namespace : List.of(shop.namespace(), "default", "kube-system", "")) {
      assertThat(mayCreatePodsIn(namespace)).as(namespace).isFalse();
    }
    assertThat(Servers.cluster().admin().pods().inNamespace(PROOF).list().getItems()).isEmpty();
  }

  private static boolean mayCreatePodsIn(String namespace) {
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(Servers.USER)
            .withGroups("system:serviceaccounts", "system:authenticated")
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withVerb("create")
            .withResource("pods")
            .endResourceAttributes()
            .endSpec()
            .build();
    return Servers.cluster()
        .admin()
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  private Deployment serving() {
    Deployment deployment = Deployment.in(directory);
    deployment
        .registry("quay", "quay.io", "password-of-quay")
        .environment(tenants, List.of("quay"))
        .commit("Declare quay");
    deployment.startReady();
    return deployment;
  }

  private void assertNothingIsLeftOf(Deployment deployment) {
    deployment.environment(tenants, List.of("quay"), "state: Retired").commit("Retire it");
    Await.until(
        Deployment.LIMIT,
        () -> {
          for (String kind : KINDS) {
            assertThat(policies(kind))
                .noneMatch(name -> name.contains(deployment.instance() + "."));
          }
        });
  }

  private static List<String> policies(String kind) {
    return Servers.cluster()
        .admin()
        .genericKubernetesResources("admissionregistration.k8s.io/v1", kind)
        .list()
        .getItems()
        .stream()
        .map(object -> object.getMetadata().getName())
        .toList();
  }

  private static void deactivate(Deployment deployment, String file) {
    try {
      String text = Files.readString(deployment.repository().work().resolve(file));
      deployment.repository().write(file, text.replace("spec:\n", "spec:\n  state: Inactive\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void policy(Deployment deployment, String... spec) {
    deployment
        .repository()
        .write(
            "policies/restricted.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: RegistryPolicy
            metadata: {name: restricted}
            spec:
              %s
            """
                .formatted(String.join("\n  ", spec)));
  }

  /// A cluster takes a policy up in its own time.
  private void assertRefused(String image, String... words) {
    Await.until(Deployment.LIMIT, () -> assertThat(shop.ask(image).refusal()).contains(words));
    assertThat(shop.ask(image).refusal()).contains(image);
  }

  private static String approval(String text) {
    Matcher matcher = APPROVAL.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }
}
