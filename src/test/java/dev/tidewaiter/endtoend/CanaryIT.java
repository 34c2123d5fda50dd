package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.HttpsGitServer;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.TcpProxy;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.Canary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Nothing that the product puts out, whatever happens to it, contains a secret.
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class CanaryIT {
  private static final String TRACE = "--log-level=trace";

  private final Tenants tenants = new Tenants();
  private final Canary password = new Canary("password");
  private final Canary rotated = new Canary("rotated");
  private final Canary foreign = new Canary("foreign");
  private final Canary malformed = new Canary("malformed");
  private final Canary gitToken = new Canary("git-token");
  private final Canary vaultToken = new Canary(KubeApiServer.uniqueName("vault-token"));
  private final Canary clusterToken = new Canary("cluster-token");

  /// What was put out, by where.
  private final Map<String, String> evidence = new TreeMap<>();

  @TempDir private Path directory;

  private TestCertificates.Issued client;
  private HttpsGitServer git;
  private TcpProxy vault;
  private Deployment deployment;

  @BeforeEach
  void deploy() throws IOException {
    var certificates =
        TestCertificates.create(Files.createDirectory(directory.resolve("authority")));
    client = certificates.client("builder");
    git =
        HttpsGitServer.start(
            directory, certificates.server("localhost"), "localhost", gitToken.value());
    vault = new TcpProxy(Servers.vault().port());
    Path root = directory.resolve("root");
    Files.createDirectories(root.resolve("etc/docker"));
    Files.writeString(root.resolve("etc/docker/daemon.json"), "{}\n");
    Files.createDirectories(root.resolve("home/builder"));
    Files.writeString(root.resolve("etc/passwd"), "builder:x:0:0::/home/builder:/bin/sh\n");
    deployment =
        Deployment.with(
            directory,
            Map.of(
                "vaultPort",
                "" + vault.port(),
                "repositoryUrl",
                "https://localhost:" + git.port() + "/instance/remote.git",
                "repositoryLogin",
                ", tls: {ca: {file: %s}}, auth: {token: {username: %s, file: git-token}}"
                    .formatted(certificates.ca(), HttpsGitServer.USERNAME),
                "host",
                "host: {root: %s, labels: {role: builder}}".formatted(root)));
    // The server serves what is beneath a directory whose name the instance chose.
    Files.createSymbolicLink(directory.resolve("instance"), deployment.directory());
    deployment.write("git-token", gitToken.value());
    deployment.vaultToken(Servers.vault().token("root", Map.of("id", vaultToken.value())));
    declare();
  }

  @AfterEach
  void close() {
    deployment.close();
    vault.close();
    git.close();
  }

  private void declare() throws IOException {
    write(password);
    deployment
        .repository()
        .write(
            "registry.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Registry
            metadata: {name: quay}
            spec:
              address: quay.io
              credential:
                basic:
                  username: {vault: {path: %1$s, key: username}}
                  password: {vault: {path: %1$s, key: password}}
              tls:
                clientCertificate:
                  cert: {vault: {path: %1$s, key: certificate}}
                  key: {vault: {path: %1$s, key: key}}
              verify: {credential: Never}
            """
                .formatted(deployment.path("quay")));
    deployment.environment(
        tenants,
        List.of("quay"),
        "hosts:",
        "  selector: {matchLabels: {role: builder}}",
        "  runtimes: [docker]",
        "  credentials: {users: [builder]}");
    deployment.commit("Declare quay");
  }

  private void write(Canary value) throws IOException {
    write(value, Files.readString(client.key()));
  }

  private void write(Canary value, String key) throws IOException {
    Servers.vault()
        .writeKv2(
            deployment.path("quay"),
            Map.of(
                "username",
                "canary-username-puller",
                "password",
                value.value(),
                "certificate",
                Files.readString(client.certificate()),
                "key",
                key));
  }

  @Test
  void isNowhereWhileAllGoesWell() throws IOException {
    String namespace = tenants.add("default");
    note("diff before", deployment.run("diff", TRACE));
    TidewaiterProcess daemon = deployment.start(TRACE, "--plans");
    deployment.awaitReady();
    assertDelivered(namespace, password);

    write(rotated);
    for (String format : List.of("text", "json", "yaml", "markdown")) {
      note("diff " + format, deployment.run("diff", "-o", format, TRACE));
    }
    Await.until(Deployment.LIMIT, () -> assertDelivered(namespace, rotated));
    tenants.edit(namespace, "{\"auths\":{\"quay.io\":{\"password\":\"canary-foreign-edit\"}}}");
    Await.until(Deployment.LIMIT, () -> assertDelivered(namespace, rotated));
    noteOutside(daemon, namespace);

    note("end", deployment.stop());
    noteState();
    assertNoCanary();
    Path key = directory.resolve("root/etc/docker/certs.d/quay.io/client.key");
    assertThat(Files.readString(key)).isEqualTo(Files.readString(client.key()));
    Path config = directory.resolve("root/home/builder/.docker/config.json");
    assertThat(rotated.isIn(Files.readString(config)))
        .as("the search finds what is there")
        .isTrue();
  }

  @Test
  void isNowhereWhateverFails() throws IOException {
    String namespace = tenants.add("default");
    TidewaiterProcess daemon = deployment.start(TRACE, "--plans");
    deployment.awaitReady();

    write(malformed, malformed.value());
    deployment.awaitCondition("CredentialWithheld", "private key");
    noteFailure("a malformed key", 5);
    Servers.vault()
        .writeKv2(deployment.path("quay"), Map.of("username", malformed.value(), "password", "x"));
    deployment.awaitRound();
    noteFailure("a malformed user name", 5);
    Servers.vault()
        .writeKv2(deployment.path("quay"), Map.of("password", Map.of("a", malformed.value())));
    deployment.awaitRound();
    noteFailure("a password that is no text", 5);
    write(password, malformed.value());

    deployment.vaultToken(vaultToken.value() + "-of-nobody");
    deployment.awaitRound();
    noteFailure("a denied token", 4);
    vault.cut();
    deployment.awaitRound();
    noteFailure("an unreachable Vault", 4);
    vault.mend();
    deployment.vaultToken(deployment.readingToken());

    tenants.writeForeign(
        tenants.add("default"), "{\"auths\":{\"x\":{\"password\":\"canary-foreign-\"}}}", Map.of());
    deployment.awaitCondition("Conflict");
    tenants.edit(namespace, "{\"auths\":\"canary-foreign-\"}");
    noteFailure("a conflict and a Secret that is no docker configuration", 5);
    deployment
        .repository()
        .write("broken.yaml", "kind: Registry\npassword: \"" + "canary-malformed-" + "\"\n");
    deployment.commit("Write a password into a declaration");
    deployment.awaitCondition("Stalled");
    noteFailure("a broken commit", 3);
    git.acceptOnly("another token");
    deployment.awaitCondition("SourceUnavailable");
    noteFailure("a refused Git token", 3);
    noteOutside(daemon, namespace);
    note("end", deployment.stop());
    git.acceptOnly(gitToken.value());
    deployment.write(
        "kubeconfig",
        Servers.cluster()
            .kubeconfig(Servers.cluster().port(), "token: '" + clusterToken.value() + "'"));
    noteFailure("a refused cluster token", 3);
    noteState();
    assertNoCanary();
  }

  private void assertDelivered(String namespace, Canary canary) {
    assertThat(canary.isIn(Tenants.content(tenants.live(namespace))))
        .as("the search finds what is there")
        .isTrue();
    assertThat(tenants.live(namespace).getData())
        .hasValueSatisfying(new Condition<>(canary::isIn, "the search finds it in base64"));
    assertThat(tenants.passwords(namespace)).containsEntry("quay.io", canary.value());
  }

  private void noteFailure(String name, int exitCode) {
    Result applied = deployment.run("apply", TRACE);
    assertThat(applied.exitCode()).as(name + "\n" + applied.output()).isEqualTo(exitCode);
    note(name + ": apply", applied);
    note(name + ": diff", deployment.run("diff", "-o", "json", TRACE));
  }

  private void note(String where, Result result) {
    evidence.put(where, result.output());
  }

  /// What others can see of a running daemon.
  private void noteOutside(TidewaiterProcess daemon, String namespace) throws IOException {
    evidence.put("/status", deployment.get("/status").body());
    evidence.put("status", deployment.statusCommand().output());
    evidence.put("status as JSON", deployment.statusCommand("-o", "json").output());
    for (String file : List.of("cmdline", "environ")) {
      evidence.put(file, Files.readString(Path.of("/proc/" + daemon.pid() + "/" + file)));
    }
    evidence.put("the pull Secret's metadata", "" + tenants.live(namespace).getMetadata());
    evidence.put("the ServiceAccount", "" + tenants.account(namespace, "default").get());
    evidence.put("the inventory", "" + deployment.inventory());
    var admin = Servers.cluster().admin();
    evidence.put("events", "" + admin.v1().events().inAnyNamespace().list().getItems());
    evidence.put("the cluster's audit log", String.join("\n", Servers.cluster().audit()));
  }

  // The clone holds what Git holds, and is compressed besides.
  private void noteState() throws IOException {
    for (Path state :
        List.of(deployment.state(), deployment.directory().resolve("state-of-commands"))) {
      try (Stream<Path> files = Files.walk(state)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          evidence.put(
              deployment.directory().relativize(file).toString(),
              new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
    assertThat(evidence).containsKeys("state/audit.jsonl", "state/host/state.json");
  }

  private void assertNoCanary() throws IOException {
    var canaries =
        List.of(
            password,
            rotated,
            foreign,
            malformed,
            gitToken,
            vaultToken,
            clusterToken,
            new Canary("username"));
    evidence.forEach(
        (where, text) -> {
          canaries.forEach(canary -> canary.assertAbsentFrom(text, where));
          assertThat(text.contains("PRIVATE KEY")).as("a private key in " + where).isFalse();
        });
    String line = Files.readAllLines(client.key()).get(1);
    evidence.forEach(
        (where, text) ->
            assertThat(text.contains(line)).as("the client's key in " + where).isFalse());
    assertThat(evidence.get("end")).as("the search sees what was put out").contains("round ended");
  }
}
