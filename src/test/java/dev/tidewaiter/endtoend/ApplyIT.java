package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `apply` and `diff`: one round and its cycles, in a process each.
class ApplyIT {
  private static final List<String> REGISTRIES = List.of("quay", "hub", "private");

  private final Tenants tenants = new Tenants();

  @TempDir private Path directory;

  @Test
  void bringsThreeRegistriesToTwoHundredNamespacesAndThenWritesNothing() {
    IntStream.range(0, 200).forEach(_ -> tenants.add("default"));
    try (Deployment deployment = declared()) {
      Result before = deployment.run("diff");
      assertThat(before.exitCode()).as(before.output()).isEqualTo(1);
      assertNoSecretIn(before);

      Result applied = deployment.apply();

      assertThat(applied.exitCode()).as(applied.output()).isZero();
      assertThat(tenants.all())
          .hasSize(200)
          .allSatisfy(
              namespace -> {
                assertThat(tenants.passwords(namespace))
                    .containsEntry("quay.io", "password-of-quay")
                    .containsEntry("https://index.docker.io/v1/", "password-of-hub")
                    .containsEntry("registry.acme.example:5000", "password-of-private")
                    .hasSize(3);
                assertThat(tenants.entries(namespace, "default")).containsExactly(Tenants.SECRET);
              });
      assertNoSecretIn(applied);
      writesNothingAgain(deployment);
    }
  }

  private void writesNothingAgain(Deployment deployment) {
    int line = Servers.cluster().audit().size();

    assertThat(deployment.apply().exitCode()).isZero();
    Result after = deployment.run("diff");
    assertThat(after.exitCode()).as(after.output()).isZero();

    assertThat(Servers.cluster().audit()).hasSizeGreaterThan(line);
    assertThat(Servers.cluster().writesSince(line, Servers.USER)).isZero();
    // A command that ends has nothing to wait for.
    assertThat(Servers.cluster().audit().subList(line, Servers.cluster().audit().size()))
        .noneMatch(
            request -> request.contains("\"verb\":\"watch\"") && request.contains(Servers.USER));
  }

  @Test
  void showsDifferencesInEveryFormatWithoutSecrets() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      Result json = deployment.run("diff", "-o", "json");
      Result yaml = deployment.run("diff", "-o", "yaml");
      Result markdown = deployment.run("diff", "-o", "markdown");

      assertThat(List.of(json.exitCode(), yaml.exitCode(), markdown.exitCode())).containsOnly(1);
      List.of(json, yaml, markdown).forEach(ApplyIT::assertNoSecretIn);
      JsonNode plan = JsonMapper.shared().readTree(json.stdout()).at("/cycles/0/plan");
      assertThat(plan.path("environment").asString()).isEqualTo("production");
      assertThat(plan.path("changes").findValuesAsString("resource"))
          .containsExactly(
              "Secret/" + namespace + "/" + Tenants.SECRET,
              "ServiceAccount/" + namespace + "/default");
      assertThat(Yaml.read(yaml.stdout())).isEqualTo(Yaml.read(json.stdout()));
      assertThat(markdown.stdout()).contains("### production on ", "+ Secret/" + namespace);
      assertThat(tenants.traces()).isEmpty();
    }
  }

  @Test
  void saysByItsExitCodeWhatItCameTo() {
    tenants.add("default");
    try (Deployment deployment = declared()) {
      assertThat(deployment.run("apply", "--no-such-option").exitCode()).isEqualTo(2);
      assertThat(deployment.apply().exitCode()).isZero();

      deployment.registry("quay", "https://quay.io").commit("Break the address");
      assertThat(deployment.apply().exitCode()).isEqualTo(3);

      deployment.registry("quay", "quay.io").commit("Mend the address");
      deployment.vaultToken(deployment.readingToken("hub"));
      assertThat(deployment.apply().exitCode()).isEqualTo(5);

      deployment.vaultToken("not-a-token-of-vault");
      assertThat(deployment.apply().exitCode()).isEqualTo(4);

      deployment.vaultToken(deployment.readingToken());
      deployment.write("kubeconfig", Servers.cluster().kubeconfig(1, "token: not-asked-for"));
      assertThat(deployment.apply().exitCode()).isEqualTo(4);
    }
  }

  private Deployment declared() {
    Deployment deployment = Deployment.in(directory);
    deployment
        .registry("quay", "quay.io", "password-of-quay")
        .registry("hub", "docker.io", "password-of-hub")
        .registry("private", "registry.acme.example:5000", "password-of-private")
        .environment(tenants, REGISTRIES)
        .commit("Declare three registries");
    return deployment;
  }

  private static void assertNoSecretIn(Result result) {
    assertThat(result.output()).doesNotContain("password-of-");
  }
}
