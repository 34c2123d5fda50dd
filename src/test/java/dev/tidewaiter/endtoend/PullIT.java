package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.endtoend.Outside.Pull;
import dev.tidewaiter.sandbox.ServiceAccountKey;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.RabbitMqStandIn;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real client pulls from a real registry with the pull Secret that was written, for each kind of
/// credential; the credential was proved at that registry before it was.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PullIT {
  private static final String HUB = "docker.io";
  private static final String QUAY = "quay.io";
  private static final String ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
  private static final String ECR_PUBLIC = "public.ecr.aws";
  private static final String GOOGLE_KEY = "eu.gcr.io";
  private static final String GOOGLE_TOKEN = "europe-west1-docker.pkg.dev";

  private static final String LENT = "registry.acme.example";

  private static final List<String> NAMES =
      List.of("hub", "quay", "ecr", "ecr-public", "google-key", "google-token", "lent");
  private static final List<String> ADDRESSES =
      List.of(HUB, QUAY, ECR, ECR_PUBLIC, GOOGLE_KEY, GOOGLE_TOKEN, LENT);
  private static final String EMPTY = "{\"auths\":{}}";

  private final Tenants tenants = new Tenants();
  private final String key = ServiceAccountKey.json("acme");

  /// Where Vault lends accounts of the last registry.
  private final String engine = KubeApiServer.uniqueName("lending");

  @TempDir private Path directory;

  private Outside outside;
  private RabbitMqStandIn broker;
  private Deployment deployment;

  @BeforeEach
  void open() {
    outside = Outside.start(directory);
    broker = RabbitMqStandIn.start();
    Servers.vault().mountRabbitMq(engine, broker, "1h", "24h");
    var settings = new HashMap<>(outside.settings());
    settings.put("allowedPaths", ", " + engine);
    deployment = Deployment.with(directory, settings);
    deployment.vaultToken(lendingToken());
    outside.registry("registry-1.docker.io", "acme", "password-of-hub");
    outside.registry(QUAY, "acme+puller", "password: of \"quay\"");
    outside.registry(ECR, "AWS", CloudServer.password(CloudServer.ECR, 1));
    outside.registry(ECR_PUBLIC, "AWS", CloudServer.password(CloudServer.ECR_PUBLIC, 1));
    outside.registry(GOOGLE_KEY, only("_json_key", key));
    outside.registry(
        GOOGLE_TOKEN, only("oauth2accesstoken", CloudServer.password(CloudServer.GOOGLE, 1)));
    outside.registry(LENT, broker::knows);
  }

  private static BiPredicate<String, String> only(String username, String password) {
    return (name, offered) -> name.equals(username) && offered.equals(password);
  }

  private String lendingToken() {
    Servers.vault()
        .policy(
            engine,
            """
            path "secret/*" {capabilities = ["read"]}
            path "%s/creds/pull" {capabilities = ["read"]}
            path "sys/leases/renew" {capabilities = ["update"]}
            path "sys/leases/revoke" {capabilities = ["update"]}
            """
                .formatted(engine));
    return Servers.vault().token(engine, Map.of());
  }

  @AfterEach
  void close() {
    deployment.close();
    outside.close();
    Servers.vault().unmount(engine);
    broker.close();
  }

  @Test
  void whatIsWrittenPullsUntilItIsWithdrawn() {
    String namespace = tenants.add("default");
    declare("Active");

    Result applied = deployment.apply();

    assertThat(applied.exitCode()).as(applied.output()).isZero();
    String written = Tenants.content(tenants.live(namespace));
    for (String address : ADDRESSES) {
      Pull pull = outside.pull(address, written);
      assertThat(pull.succeeded()).as(address + ": " + pull.output()).isTrue();
    }

    declare("Inactive");
    Result withdrawn = deployment.apply();

    assertThat(withdrawn.exitCode()).as(withdrawn.output()).isZero();
    assertThat(tenants.secret(namespace).get()).isNull();
    for (String address : ADDRESSES) {
      Pull pull = outside.pull(address, EMPTY);
      assertThat(pull.succeeded()).as(address).isFalse();
      assertThat(pull.output())
          .as(address)
          .containsAnyOf("unauthorized", "authentication required");
    }
  }

  @Test
  void oneThatIsWithdrawnPullsNoMoreWhileTheOthersDo() {
    String namespace = tenants.add("default");
    declare("Active");
    assertThat(deployment.apply().exitCode()).isZero();

    declare(ECR, "Inactive");
    assertThat(deployment.apply().exitCode()).isZero();

    String left = Tenants.content(tenants.live(namespace));
    assertThat(outside.pull(QUAY, left).succeeded()).isTrue();
    assertThat(outside.pull(ECR_PUBLIC, left).succeeded()).isTrue();
    assertThat(outside.pull(ECR, left).succeeded()).isFalse();
  }

  private void declare(String state) {
    Servers.vault().writeKv2(deployment.path("hub"), Map.of("password", "password-of-hub"));
    Servers.vault().writeKv2(deployment.path("quay"), Map.of("password", "password: of \"quay\""));
    Servers.vault()
        .writeKv2(
            deployment.path("ecr"), Map.of("id", "AKIAOFATEST000000000", "secret", "of-a-test"));
    Servers.vault().writeKv2(deployment.path("google"), Map.of("key", key));
    ADDRESSES.forEach(address -> write(address, state));
    deployment.environment(tenants, NAMES, "prune: {maxPercent: 100}").commit(state + ": all");
  }

  private void declare(String address, String state) {
    write(address, state);
    deployment.commit(state + ": " + address);
  }

  private void write(String address, String state) {
    String name = NAMES.get(ADDRESSES.indexOf(address));
    deployment
        .repository()
        .write(
            "registries/" + name + ".yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Registry
            metadata: {name: %s}
            spec:
              address: %s
              state: %s
              credential: %s
              verify: {credential: Required, images: ["%s/%s:1"]}
            """
                .formatted(name, address, state, credential(address), address, Outside.IMAGE));
  }

  private String credential(String address) {
    String amazon =
        "{ecr: {accessKeyId: {vault: {path: %1$s, key: id}}, secretAccessKey: {vault: {path: %1$s, key: secret}}}}"
            .formatted(deployment.path("ecr"));
    String google = "{%s: {key: {vault: {path: " + deployment.path("google") + ", key: key}}}}";
    return switch (address) {
      case HUB -> basic("acme", "hub");
      case QUAY -> basic("acme+puller", "quay");
      case LENT ->
          "{basic: {username: {vault: {path: %1$s/creds/pull, key: username}}, password: {vault: {path: %1$s/creds/pull, key: password}}}}"
              .formatted(engine);
      case ECR, ECR_PUBLIC -> amazon;
      case GOOGLE_KEY -> google.formatted("googleKey");
      case GOOGLE_TOKEN -> google.formatted("googleToken");
      default -> throw new IllegalArgumentException("of no kind: " + address);
    };
  }

  private String basic(String username, String name) {
    return "{basic: {username: %s, email: a@acme.example, password: {vault: {path: %s, key: password}}}}"
        .formatted(username, deployment.path(name));
  }
}
