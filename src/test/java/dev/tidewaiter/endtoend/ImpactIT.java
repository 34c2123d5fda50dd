package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `snapshot` and `impact`: what is said before a change is what the API server does after it.
class ImpactIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String MIRROR = "registry.acme.example";

  private final Tenants tenants = new Tenants();

  @TempDir private Path directory;

  @Test
  void whatIsSaidBeforeAChangeIsWhatTheServerDoesAfterIt() {
    var shop = new Pods(tenants.add("default"));
    Servers.cluster().applyRbac();
    shop.deploy("web", "nginx:1.27");
    shop.deploy("api", "quay.io/acme/api:2");
    shop.create("tool", "docker.io/library/redis:7");
    try (Deployment deployment = Deployment.in(directory)) {
      deployment
          .registry("quay", "quay.io", "password-of-quay")
          .registry("mirror", MIRROR, "password-of-mirror")
          .environment(tenants, List.of("quay", "mirror"))
          .commit("Give access");
      assertThat(deployment.apply().exitCode()).isZero();
      policy(deployment, "");
      deployment.environment(tenants, List.of("mirror"), "policy: restricted").commit("Limit it");

      Result snapshot = deployment.run("snapshot", file());
      assertThat(snapshot.exitCode()).as(snapshot.output()).isZero();
      JsonNode live = impact(deployment, "--from", "main~1");
      JsonNode offline = impact(deployment, "--from", "main~1", "--snapshot", file());

      assertThat(withoutTime(offline)).isEqualTo(withoutTime(live));
      assertThat(effects(live, "web")).containsExactly("Moved");
      assertThat(effects(live, "api")).containsExactly("Denied", "Stripped");
      assertThat(effects(live, "tool")).containsExactly("Denied");
      JsonNode activation = live.at("/environments/0/activation");
      assertThat(activation.path("held").asBoolean()).isTrue();
      assertThat(deployment.apply().exitCode()).isEqualTo(5);
      assertThat(shop.ask("quay.io/acme/api:2").isRefused()).isFalse();

      policy(
          deployment, "activation: {approve: \"" + activation.path("approve").asString() + "\"}");
      deployment.commit("Approve it");
      Await.until(
          Deployment.LIMIT,
          () -> {
            Result applied = deployment.apply();
            assertThat(applied.exitCode()).as(applied.output()).isZero();
          });
      Await.until(
          Deployment.LIMIT, () -> assertThat(shop.ask("quay.io/acme/api:2").isRefused()).isTrue());
      assertThat(shop.ask("docker.io/library/redis:7").isRefused()).isTrue();
      assertThat(shop.ask("nginx:1.27").image()).isEqualTo(MIRROR + "/hub/library/nginx:1.27");
    }
  }

  private static void policy(Deployment deployment, String more) {
    deployment
        .repository()
        .write(
            "policies/restricted.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: RegistryPolicy
            metadata: {name: restricted}
            spec:
              defaultRegistry: %s/hub
              allowedRegistries: [%s]
              %s
            """
                .formatted(MIRROR, MIRROR, more));
  }

  private String file() {
    return directory.resolve("clusters.json").toString();
  }

  private JsonNode impact(Deployment deployment, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--output";
    all[1] = "json";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    Result impact = deployment.run("impact", all);
    assertThat(impact.exitCode()).as(impact.output()).isZero();
    return JSON.readTree(impact.stdout());
  }

  private static List<String> effects(JsonNode impact, String workload) {
    return impact
        .findValue("findings")
        .valueStream()
        .filter(entry -> entry.path("name").asString().equals(workload))
        .map(entry -> entry.path("effect").asString())
        .toList();
  }

  private static JsonNode withoutTime(JsonNode impact) {
    return ((ObjectNode) impact.deepCopy()).without("takenAt");
  }
}
