package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testbed.VaultServer;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A host with a user, files that others wrote, two registries, a Vault and a repository that
/// declares all of it. Only inside an [IsolatedJvm].
final class BuildHost implements AutoCloseable {
  /// With TLS of a private authority, and a password.
  static final String PRIVATE = IsolatedJvm.ADDRESS + ":5000";

  /// With plain HTTP, for anybody.
  static final String INSECURE = IsolatedJvm.ADDRESS + ":5001";

  /// User and group, by number.
  static final String ALICE = "4711";

  static final String PASSWORD = "password: must not be shown";
  static final Path SETTINGS = Path.of("/etc/docker/daemon.json");
  static final Path CA = Path.of("/etc/docker/certs.d", PRIVATE, "ca.crt");
  static final String FOREIGN_SETTINGS =
      "{\n\t\"log-level\":   \"info\",\n\t\"debug\": false, \"max-concurrent-uploads\": 4}";

  private static final JsonMapper JSON = new JsonMapper();
  private static final URI STATUS = URI.create("http://127.0.0.1:8080/status");

  private final Path directory;
  private final VaultServer vault;
  private final GitRepository repository;
  private final RegistryServer insecure;
  private RegistryServer secured;

  private BuildHost(Path directory) throws Exception {
    this.directory = directory;
    prepareFiles();
    this.vault = VaultServer.start(directory);
    RegistryServer.store(directory.resolve("insecure"), "demo/hello", "1");
    this.insecure =
        RegistryServer.start(
            directory.resolve("insecure"), RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5001));
    RegistryServer.store(directory.resolve("secured"), "demo/hello", "1");
    run("htpasswd", "-cbB", directory.resolve("htpasswd").toString(), "puller", PASSWORD);
    this.secured = startSecured("authority");
    this.repository = GitRepository.create(directory);
    Files.writeString(directory.resolve("vault-token"), VaultServer.ROOT_TOKEN);
  }

  static BuildHost create(Path directory) throws Exception {
    return new BuildHost(directory);
  }

  private static void prepareFiles() throws Exception {
    run("mount", "-t", "tmpfs", "tmpfs", "/home");
    Files.createDirectories(Path.of("/home/alice/.docker"));
    Path config = Path.of("/home/alice/.docker/config.json");
    Files.writeString(config, "{\"detachKeys\":  \"ctrl-e,e\", \"auths\": {}}\n");
    Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
    run("chown", "-R", ALICE + ":" + ALICE, "/home/alice");
    Path passwd =
        Files.writeString(Path.of("/run/passwd"), Files.readString(Path.of("/etc/passwd")));
    Files.writeString(
        passwd,
        "alice:x:%s:%s::/home/alice:/bin/sh\n".formatted(ALICE, ALICE),
        StandardOpenOption.APPEND);
    run("mount", "--bind", passwd.toString(), "/etc/passwd");
    Files.writeString(SETTINGS, FOREIGN_SETTINGS);
    Files.setPosixFilePermissions(SETTINGS, PosixFilePermissions.fromString("rw-r-----"));
  }

  private RegistryServer startSecured(String authority) throws IOException {
    Path files = Files.createDirectories(directory.resolve(authority));
    TestCertificates certificates = TestCertificates.create(files);
    TestCertificates.Issued issued = certificates.server(IsolatedJvm.ADDRESS);
    vault.writeKv2(
        "secret/private", Map.of("password", PASSWORD, "ca", Files.readString(certificates.ca())));
    return RegistryServer.start(
        directory.resolve("secured"),
        RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5000)
            .withTls(issued.certificate(), issued.key())
            .withPasswords(directory.resolve("htpasswd")));
  }

  /// The registry comes back with a certificate of another authority, which Vault knows.
  void rotateAuthority() throws IOException {
    secured.close();
    secured = startSecured("next-authority");
  }

  Path directory() {
    return directory;
  }

  String home() {
    return "/home/alice";
  }

  Path configJson() {
    return Path.of("/home/alice/.docker/config.json");
  }

  /// Commits the declaration of both registries for this host.
  void declare(String state) {
    repository.write(
        "registries.yaml",
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: private}
        spec:
          address: %s
          credential:
            basic:
              username: puller
              password: {vault: {path: secret/private, key: password}}
          tls: {ca: {vault: {path: secret/private, key: ca}}}
          verify: {credential: Never}
        ---
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: insecure}
        spec:
          address: %s
          credential: {anonymous: {}}
          tls: {insecure: true}
        """
            .formatted(PRIVATE, INSECURE));
    repository.write(
        "environment.yaml",
        """
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: build-hosts}
        spec:
          state: %s
          registries: [private, insecure]
          hosts:
            selector: {matchLabels: {role: build}}
            runtimes: [docker]
            credentials: {users: [alice]}
        """
            .formatted(state));
    repository.commit(state);
  }

  private String configuration(String interval) throws IOException {
    Path file = directory.resolve("tidewaiter.yaml");
    Files.writeString(
        file,
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: isolated}
        spec:
          stateDirectory: %s
          repository: {url: "%s", interval: %s}
          vault:
            address: %s
            auth: {token: {file: vault-token}}
            allowedPaths: [secret/private]
          host: {labels: {role: build}, root: /}
          resyncInterval: 10m
          listen: 127.0.0.1:8080
        """
            .formatted(directory.resolve("state"), repository.url(), interval, vault.address()));
    return file.toString();
  }

  /// Runs `apply`, which must succeed.
  String applied() throws IOException {
    TidewaiterProcess.Result result =
        TidewaiterProcess.run(directory, "apply", "--config", configuration("10m"));
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }

  /// Runs `apply` and ends it as a power cut does as soon as something can be seen of it.
  void killedWhen(BooleanSupplier moment) throws IOException {
    try (TidewaiterProcess process =
        TidewaiterProcess.start(directory, "apply", "--config", configuration("10m"))) {
      while (process.isAlive() && !moment.getAsBoolean()) {
        LockSupport.parkNanos(100_000);
      }
      assertThat(moment.getAsBoolean()).as(process.output()).isTrue();
      process.kill();
    }
  }

  TidewaiterProcess run(String interval) throws IOException {
    return TidewaiterProcess.start(directory, "run", "--config", configuration(interval));
  }

  /// Waits until the newest commit is in force and all that it declares is there.
  void awaitReady() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      Await.until(
          Duration.ofSeconds(30),
          () -> {
            String body =
                client.send(HttpRequest.newBuilder(STATUS).build(), BodyHandlers.ofString()).body();
            JsonNode status = JSON.readTree(body);
            assertThat(status.path("ready").asBoolean()).as(body).isTrue();
            assertThat(status.at("/repository/revisionInForce").asString())
                .isEqualTo(repository.head());
            assertThat(status.at("/targets/0/environments")).as(body).isNotEmpty();
          });
    }
  }

  /// Pulls with docker's own client, as alice, and forgets the image.
  ///
  /// @param home where the client looks for credentials
  boolean dockerPull(String registry, String home) throws Exception {
    String image = registry + "/demo/hello:1";
    boolean came = docker(home, "pull", "--quiet", image) == 0;
    if (came) {
      assertThat(docker(home, "rmi", "--force", image)).isZero();
    }
    return came;
  }

  private int docker(String home, String... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + ALICE, "--regid=" + ALICE, "--clear-groups"));
    command.addAll(List.of("env", "HOME=" + home));
    command.add(TestBed.installed("/usr/bin/docker").toString());
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .directory(Path.of("/").toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("docker.log").toFile()))
        .start()
        .waitFor();
  }

  /// All below `/etc/docker` and `/home`: kind, mode, owner, and content.
  Map<Path, String> listing() throws IOException {
    var listing = new TreeMap<Path, String>();
    for (String root : List.of("/etc/docker", "/home")) {
      try (Stream<Path> paths = Files.walk(Path.of(root))) {
        for (Path path : paths.toList()) {
          var attributes =
              Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
          listing.put(
              path,
              new TreeMap<>(attributes)
                  + (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                      ? Files.readString(path)
                      : ""));
        }
      }
    }
    return listing;
  }

  /// All that the product printed or wrote for people.
  String outputs() throws IOException {
    var outputs = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith("tidewaiter-") || name.equals("audit.jsonl")) {
          outputs.append(Files.readString(file));
        }
      }
    }
    assertThat(outputs).isNotEmpty();
    return outputs.toString();
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(List.of(command).toString()).isZero();
  }

  @Override
  public void close() {
    secured.close();
    insecure.close();
    vault.close();
  }
}
