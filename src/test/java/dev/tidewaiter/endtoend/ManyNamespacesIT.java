package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.endtoend.CloudServer.Mint;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A thousand namespaces and one registry of Amazon: the tokens are counted where they are minted,
/// and the writes where they arrive.
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class ManyNamespacesIT {
  private static final int NAMESPACES = 1000;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String ADDRESS = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

  /// Of a token in the first test. Half of it is enough for a thousand writes.
  private static final Duration SHORT_LIFE = Duration.ofSeconds(80);

  private final Tenants tenants = new Tenants();

  @TempDir private Path directory;

  private Outside outside;
  private Deployment deployment;

  @BeforeEach
  void declare() {
    IntStream.range(0, NAMESPACES).forEach(_ -> tenants.add());
    outside = Outside.start(directory);
    deployment = Deployment.with(directory, outside.settings());
    Servers.vault()
        .writeKv2(
            deployment.path("ecr"), Map.of("id", "AKIAOFATEST000000000", "secret", "of-a-test"));
    deployment
        .repository()
        .write(
            "registries/ecr.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Registry
            metadata: {name: ecr}
            spec:
              address: %1$s
              credential:
                ecr:
                  accessKeyId: {vault: {path: %2$s, key: id}}
                  secretAccessKey: {vault: {path: %2$s, key: secret}}
              verify: {credential: Never}
            """
                .formatted(ADDRESS, deployment.path("ecr")));
    deployment.environment(tenants, List.of("ecr")).commit("Declare one registry");
  }

  @AfterEach
  void close() {
    deployment.close();
    outside.close();
  }

  @Test
  void oneTokenServesThemAllForHalfOfItsLifeAlsoAfterARestart() {
    outside.clouds().setLife(SHORT_LIFE);
    deployment.start();
    awaitEverywhere(1);
    awaitEverywhere(2);

    deployment.stop();
    deployment.start();
    awaitEverywhere(3);

    List<Mint> mints = outside.clouds().mints();
    assertThat(mints).hasSize(3);
    for (int i = 1; i < mints.size(); i++) {
      Duration between = Duration.between(mints.get(i - 1).at(), mints.get(i).at());
      // At most a tenth of the life earlier than half of it, and the cloud tells its end and its
      // own time in whole seconds; no later than a round can be.
      assertThat(between)
          .isBetween(
              SHORT_LIFE.multipliedBy(4).dividedBy(10).minusSeconds(2),
              SHORT_LIFE.dividedBy(2).plusSeconds(10));
    }
  }

  @Test
  void twoProcessesWithoutACommonStateWriteOnce() {
    Result first = deployment.apply();
    assertThat(first.exitCode()).as(first.output()).isZero();
    Map<String, String> written = versions();
    assertThat(written).hasSize(NAMESPACES);
    int line = Servers.cluster().audit().size();

    assertThat(deployment.apply().exitCode()).isZero();
    assertThat(outside.clouds().mints()).as("after a restart").hasSize(1);
    Path elsewhere = directory.resolve("state-of-another");
    Result second = deployment.run("apply", "--state-directory", elsewhere.toString());

    assertThat(second.exitCode()).as(second.output()).isZero();
    assertThat(outside.clouds().mints()).as("with a state of its own").hasSize(2);
    assertThat(versions()).isEqualTo(written);
    assertThat(Servers.cluster().writesSince(line, Servers.USER)).isZero();
  }

  /// Waits until all namespaces have the n-th token, and no more were minted.
  private void awaitEverywhere(int number) {
    String password = CloudServer.password(CloudServer.ECR, number);
    Await.untilTrue(LIMIT, "no token " + number, () -> outside.clouds().mints().size() >= number);
    Await.until(
        LIMIT,
        () -> {
          Map<String, Secret> secrets = secrets();
          assertThat(secrets).hasSize(NAMESPACES);
          assertThat(secrets.values())
              .allMatch(secret -> Tenants.content(secret).contains(password));
        });
    assertThat(outside.clouds().mints()).hasSize(number);
  }

  private Map<String, String> versions() {
    var versions = new TreeMap<String, String>();
    secrets()
        .forEach(
            (namespace, secret) ->
                versions.put(namespace, secret.getMetadata().getResourceVersion()));
    return versions;
  }

  private Map<String, Secret> secrets() {
    var secrets = new HashMap<String, Secret>();
    var all = Servers.cluster().admin().secrets().inAnyNamespace();
    for (Secret secret : all.withField("metadata.name", Tenants.SECRET).list().getItems()) {
      if (secret.getMetadata().getNamespace().startsWith(tenants.name() + "-")) {
        secrets.put(secret.getMetadata().getNamespace(), secret);
      }
    }
    return secrets;
  }
}
