package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.Canary;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// As [CanaryIT], for the files of a host that a kubelet and podman read: a secret is in them and
/// nowhere else. `hosts.toml` wants a runtime that can be asked; see `HostsCanaryTest`.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HostCanaryIT {
  private static final String TRACE = "--log-level=trace";
  private static final String FORMAT = "FORMAT";
  private static final List<String> DOCUMENTS = List.of("text", "json", "yaml");
  private static final String IMAGE = "quay.io/acme/app:1";
  private static final String USER = "home/builder/.config/containers/auth.json";
  private static final String NODE = "var/lib/kubelet/config.json";

  private final Canary password = new Canary("password");
  private final Canary rotated = new Canary("rotated");
  private final Canary foreign = new Canary("foreign");
  private final Canary token = new Canary(KubeApiServer.uniqueName("vault-token"));
  private final String instance = KubeApiServer.uniqueName("instance");
  private final URI address = URI.create("http://127.0.0.1:" + TestBed.freePort());

  /// What was put out, by where.
  private final Map<String, String> evidence = new TreeMap<>();

  @TempDir private Path directory;

  @Test
  void isInTheFilesOfTheHostAndNowhereElse() throws IOException {
    configure();
    write(password);
    note(1, List.of("text", "json", "yaml", "markdown"), "diff", config(), state(), TRACE);
    try (TidewaiterProcess daemon =
        TidewaiterProcess.start(directory, "run", config(), TRACE, "--plans")) {
      awaitHeld(password);
      write(rotated);
      awaitHeld(rotated);
      note(0, DOCUMENTS, "explain", config(), state(), "--host", IMAGE, TRACE);

      Files.writeString(file(USER), "{\"auths\": {\"quay.io\": \"canary-foreign-\"");
      Files.writeString(file(NODE), "{\"auths\": {\"quay.io\": \"canary-foreign-\"}}");
      Await.until(
          Duration.ofSeconds(12),
          () ->
              assertThat(daemon.output())
                  .contains(USER + ":1: it is not valid JSON", NODE + ": the entry"));
      note(5, DOCUMENTS, "status", "--address=" + address);
      evidence.put("end", daemon.stop().output());
    }
    noteState();
    assertNoCanary();
  }

  private void configure() throws IOException {
    Files.createDirectories(file("usr/bin"));
    Files.createFile(file("usr/bin/podman"));
    Files.createDirectories(file("home/builder"));
    Files.createDirectories(file("etc"));
    Files.writeString(file("etc/passwd"), "builder:x:0:0::/home/builder:/bin/sh\n");
    Files.createDirectories(file(NODE).getParent());
    GitRepository repository = GitRepository.create(directory);
    repository.write(
        "all.yaml",
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: quay}
        spec:
          address: quay.io
          credential:
            basic: {username: puller, password: {vault: {path: secret/%s, key: password}}}
          verify: {credential: Never}
        ---
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: production}
        spec:
          registries: [quay]
          hosts:
            selector: {matchLabels: {role: node}}
            runtimes: [podman, kubelet]
            credentials: {users: [builder], node: true}
        """
            .formatted(instance));
    repository.commit("Declare quay");
    Files.writeString(
        directory.resolve("vault-token"),
        Servers.vault().token("root", Map.of("id", token.value())));
    Files.writeString(
        directory.resolve("tidewaiter.yaml"),
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: %s}
        spec:
          stateDirectory: %s
          repository: {url: "%s", interval: 1s}
          vault:
            address: %s
            auth: {token: {file: vault-token}}
            allowedPaths: [secret/%s]
          host: {labels: {role: node}, root: %s}
          listen: %s
        """
            .formatted(
                instance,
                directory.resolve("state"),
                repository.url(),
                Servers.vault().address(),
                instance,
                directory.resolve("root"),
                address.getAuthority()));
  }

  private Path file(String path) {
    return directory.resolve("root").resolve(path);
  }

  private String config() {
    return "--config=" + directory.resolve("tidewaiter.yaml");
  }

  /// One for each command: it is locked.
  private String state() {
    return "--state-directory=" + directory.resolve("state-" + FORMAT);
  }

  private void write(Canary canary) {
    Servers.vault().writeKv2("secret/" + instance, Map.of("password", canary.value()));
  }

  private void awaitHeld(Canary canary) {
    Await.until(
        Duration.ofSeconds(30),
        () -> {
          for (String path : List.of(USER, NODE)) {
            assertThat(canary.isIn(Files.readString(file(path)))).as(path).isTrue();
            assertThat(mode(file(path))).as(path).isEqualTo("rw-------");
          }
        });
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /// A command in several formats, at once because that is sooner done.
  private void note(int exitCode, List<String> formats, String... command) {
    var started = new TreeMap<String, TidewaiterProcess>();
    for (String format : formats) {
      Stream<String> words = Stream.of(command).map(word -> word.replace(FORMAT, format));
      String[] all = Stream.concat(words, Stream.of("-o", format)).toArray(String[]::new);
      started.put(command[0] + " " + format, TidewaiterProcess.start(directory, all));
    }
    started.forEach(
        (where, process) -> {
          Result result = process.await(Deployment.LIMIT);
          evidence.put(where, result.output());
          assertThat(result.exitCode()).as(result.output()).isEqualTo(exitCode);
        });
  }

  // All that lies about but the host and Git's own; the token and the record of what others wrote
  // are where they belong, and nobody else reads that record.
  private void noteState() throws IOException {
    Path record = directory.resolve("state/host/state.json");
    assertThat(mode(record)).isEqualTo("rw-------");
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("vault-token") && !List.of(file(USER), file(NODE)).contains(file)) {
          evidence.put(
              directory.relativize(file).toString(),
              new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
    assertThat(evidence).containsKeys("state/audit.jsonl", "state/host/state.json");
  }

  private void assertNoCanary() {
    evidence.forEach(
        (where, text) ->
            List.of(password, rotated, foreign, token)
                .forEach(canary -> canary.assertAbsentFrom(text, where)));
    assertThat(evidence.get("end")).as("the search sees what was put out").contains("round ended");
    assertThat(evidence.get("diff text")).contains("auths/quay.io");
    assertThat(evidence.get("explain json")).contains("quay.io");
    assertThat(evidence.get("status json")).contains("auth.json");
  }
}
