package dev.tidewaiter.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The quickstart, as the README promises it.
class SandboxIT {
  /// Of the issue: a committed edit is applied within this time.
  private static final Duration COMMIT_TO_APPLIED = Duration.ofSeconds(15);

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(15);
  private static final String NAME = "registry-credentials";

  @TempDir private Path world;
  private SandboxProcess sandbox;

  @BeforeEach
  void start() throws IOException {
    TestBed.installed("/usr/bin/git");
    TestBed.installed("/usr/bin/curl");
    sandbox = SandboxProcess.start(world);
    awaitReady();
  }

  @AfterEach
  void stop() throws InterruptedException {
    sandbox.kill();
  }

  @Test
  void convergesInTheClusterAndOnTheHost() throws Exception {
    for (String served : List.of("shop", "payments-api", "payments-worker", "sandbox")) {
      assertThat(secret(served).path("type").asString(""))
          .isEqualTo("kubernetes.io/dockerconfigjson");
      assertThat(account(served).path("imagePullSecrets").findValuesAsString("name"))
          .containsExactly(NAME);
    }
    for (String other : List.of("payments-sandbox", "stock", "kube-system")) {
      assertThat(secret(other).isMissingNode()).as(other).isTrue();
      assertThat(account(other).isMissingNode()).as(other).isFalse();
      assertThat(account(other).has("imagePullSecrets")).as(other).isFalse();
    }
    assertThat(sandbox.file("host/etc/docker/certs.d/registry.acme.example:5000/ca.crt")).exists();
    assertThat(sandbox.file("host/etc/docker/daemon.json"))
        .content()
        .contains("\"log-driver\": \"json-file\"", "lab.acme.example:5000");
    assertThat(sandbox.file("host/root/.docker/config.json"))
        .content()
        .contains("https://index.docker.io/v1/");
    assertThat(sandbox.file("host/etc/containers/policy.json"))
        .content()
        .contains("\"reject\"", "\"registry.acme.example:5000\"");
    assertThat(sandbox.file("host/etc/containers/registries.conf.d/90-tidewaiter.conf"))
        .content()
        .contains("hub-mirror.acme.example");
  }

  @Test
  void servesOneRegistryOfEachKind() throws Exception {
    JsonNode auths = JsonMapper.shared().readTree(config(secret("shop"))).path("auths");
    Map<String, String> users = new TreeMap<>();
    auths
        .properties()
        .forEach(a -> users.put(a.getKey(), a.getValue().path("username").asString()));
    assertThat(users)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("https://index.docker.io/v1/", "acmebot"),
                Map.entry("quay.io", "acme+puller"),
                Map.entry("ghcr.io", "acme-ci"),
                Map.entry("registry.gitlab.com", "gitlab+deploy-token-7"),
                Map.entry("registry.acme.example:5000", "robot$shop+puller"),
                Map.entry("acme.jfrog.io", "puller"),
                Map.entry("123456789012.dkr.ecr.eu-central-1.amazonaws.com", "AWS"),
                Map.entry("210987654321.dkr.ecr.us-east-1.amazonaws.com", "AWS"),
                Map.entry("public.ecr.aws", "AWS"),
                Map.entry("europe-west1-docker.pkg.dev", "oauth2accesstoken"),
                Map.entry("eu.gcr.io", "_json_key")));
    assertThat(sandbox.status().toString()).doesNotContain("Unverified", "CredentialRejected");
  }

  @Test
  void keepsAPasswordThatWorksWhenSomebodyMistypesTheNext() throws Exception {
    sandbox.runPrinted("echo '{\"username\": \"acme");
    Await.until(
        COMMIT_TO_APPLIED,
        () -> assertThat(sandbox.status().toString()).contains("CredentialRejected"));
    assertThat(config(secret("shop"))).contains("quay-tide").doesNotContain("mistyped");
  }

  @Test
  void appliesACommittedEditAndARotationAndRestoresWhatWasDeleted() throws Exception {
    sandbox.runPrinted("sed ", "git ");
    Await.untilTrue(
        COMMIT_TO_APPLIED, "no Secret in stock", () -> !secret("stock").isMissingNode());

    JsonNode before = secret("sandbox");
    assertThat(registryLogin()).contains("401");
    sandbox.runPrinted("echo '{\"username\": \"sandbox\"");
    Await.until(
        COMMIT_TO_APPLIED, () -> assertThat(config(secret("sandbox"))).contains("second-tide"));
    assertThat(uid(secret("sandbox"))).isEqualTo(uid(before));
    assertThat(registryLogin()).contains("200");

    String deleted = uid(secret("shop"));
    sandbox.runPrinted("curl -sX DELETE");
    Await.until(
        Duration.ofSeconds(5),
        () -> {
          assertThat(secret("shop").isMissingNode()).isFalse();
          assertThat(uid(secret("shop"))).isNotEqualTo(deleted);
        });
    assertThat(sandbox.runPrinted("curl -s http")).contains("\"ready\"");
    assertThat(sandbox.output())
        .contains("~ auths/localhost:", "*** (changed)", "+ Secret/stock/" + NAME)
        .doesNotContain("WARN", "ERROR", "Exception", "hub-tide", "SLF4J");
  }

  @Test
  void saysWhatIsWrongWithABrokenCommit() throws Exception {
    Path environment = sandbox.file("config/environments/production.yaml");
    Files.writeString(environment, Files.readString(environment).replace("spec:", "specs:"));
    sandbox.runPrinted("git ");
    Await.until(
        COMMIT_TO_APPLIED,
        () ->
            assertThat(sandbox.output())
                .containsPattern(
                    "WARN +declaration rejected place=environments/production.yaml:\\d+:\\d+ .*specs.* hint="));
    assertThat(secret("shop").isMissingNode()).isFalse();
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    assertThat(ListeningPorts.of(sandbox.pid())).hasSize(6).allMatch(ListeningPorts::isLoopback);
  }

  @Test
  void stopsCleanlyAndLeavesEverythingOutsideTargetAlone() throws Exception {
    Map<Path, FileTime> before = outside();
    sandbox.runPrinted("sed ", "git ");
    Await.untilTrue(
        COMMIT_TO_APPLIED, "no Secret in stock", () -> !secret("stock").isMissingNode());

    assertThat(sandbox.interrupt(STOP)).as(sandbox.output()).isZero();

    assertThat(outside()).isEqualTo(before);
    assertThat(world.resolve("home")).isEmptyDirectory();
    assertThat(world.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void refusesASecondOneAndStartsAfreshAfterAKill() throws Exception {
    sandbox.runPrinted("sed ", "git ");
    Await.untilTrue(
        COMMIT_TO_APPLIED, "no Secret in stock", () -> !secret("stock").isMissingNode());
    try (SandboxProcess second = SandboxProcess.start(world)) {
      Await.until(START, () -> assertThat(second.output()).contains("A sandbox runs here already"));
    }
    assertThat(secret("stock").isMissingNode()).as("the first one still runs").isFalse();

    sandbox.kill();
    sandbox = SandboxProcess.start(world);
    awaitReady();

    assertThat(secret("shop").isMissingNode()).isFalse();
    assertThat(secret("stock").isMissingNode()).isTrue();
  }

  private void awaitReady() {
    for (String one :
        List.of("production on cluster/", "sandbox on cluster/", "build-hosts on host/")) {
      String ready = "(?s)\n" + one + "(?:(?! on (?:cluster|host)/).)* Ready: ";
      Await.until(START, () -> assertThat(sandbox.output()).containsPattern(ready));
    }
  }

  private JsonNode secret(String namespace) throws IOException, InterruptedException {
    return sandbox.object("namespaces/%s/secrets/%s".formatted(namespace, NAME));
  }

  private JsonNode account(String namespace) throws IOException, InterruptedException {
    return sandbox.object("namespaces/%s/serviceaccounts/default".formatted(namespace));
  }

  private static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asString("none");
  }

  private static String config(JsonNode secret) {
    String data = secret.path("data").path(".dockerconfigjson").asString("");
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private String registryLogin() throws IOException, InterruptedException {
    return sandbox.runPrinted("curl -su");
  }

  /// All files with their times, but for `target`, and the log that the test itself has made.
  private Map<Path, FileTime> outside() throws IOException {
    var ignored = Set.of(world.resolve("checkout/target"), world.resolve("log"));
    var times = new TreeMap<Path, FileTime>();
    Files.walkFileTree(
        world,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            if (ignored.contains(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            return visitFile(directory, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            times.put(file, attributes.lastModifiedTime());
            return FileVisitResult.CONTINUE;
          }
        });
    return times;
  }
}
