package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One instance of the product with its own configuration, its own repository and its own corner of
/// Vault, and the processes that are started of it.
final class Deployment implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String instance;
  private final Path directory;
  private final GitRepository repository;
  private final int port = TestBed.freePort();
  private final Map<String, String> settings;
  private @Nullable TidewaiterProcess daemon;

  private Deployment(Path parent, Map<String, String> settings) {
    this.instance = KubeApiServer.uniqueName("instance");
    this.settings = settings;
    this.directory = parent.resolve(instance);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.repository = GitRepository.create(directory);
    String clusterPort = settings.getOrDefault("clusterPort", "" + Servers.cluster().port());
    write("kubeconfig", Servers.kubeconfig(Integer.parseInt(clusterPort)));
    vaultToken(readingToken());
    configure();
  }

  /// With an interval so long that only events can have made what a test sees.
  static Deployment unhurried(Path parent) {
    return with(parent, Map.of("interval", "10m"));
  }

  /// With an interval of a second.
  static Deployment in(Path parent) {
    return with(parent, Map.of());
  }

  /// @param settings `interval`, `vaultPort`, `clusterPort`, `repositoryUrl`, where they differ;
  ///   `repositoryLogin`, `allowedPaths` and `host` are put in as they are; `javaOptions` for the
  ///   JVM of each process
  static Deployment with(Path parent, Map<String, String> settings) {
    return new Deployment(parent, settings);
  }

  private void configure() {
    write(
        "tidewaiter.yaml",
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: %s}
        spec:
          stateDirectory: %s
          repository: {url: "%s", interval: %s%s}
          vault:
            address: http://127.0.0.1:%s
            auth: {token: {file: vault-token}}
            allowedPaths: [secret/%s%s]
          clusters: [{name: testbed, kubeconfig: {file: kubeconfig}}]
          listen: 127.0.0.1:%d
          %s
        """
            .formatted(
                instance,
                state(),
                settings.getOrDefault("repositoryUrl", repository.url().toString()),
                settings.getOrDefault("interval", "1s"),
                settings.getOrDefault("repositoryLogin", ""),
                settings.getOrDefault("vaultPort", "" + Servers.vault().port()),
                instance,
                settings.getOrDefault("allowedPaths", ""),
                port,
                settings.getOrDefault("host", "")));
  }

  String instance() {
    return instance;
  }

  GitRepository repository() {
    return repository;
  }

  Path directory() {
    return directory;
  }

  Path state() {
    return directory.resolve("state");
  }

  /// Writes a file beside the configuration.
  Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Gives the daemon another token for Vault.
  void vaultToken(String token) {
    write("vault-token", token);
  }

  /// Where this instance's secrets are in Vault.
  String path(String registry) {
    return "secret/" + instance + "/" + registry;
  }

  /// Writes a registry's password into Vault, as a new version.
  void password(String registry, String password) {
    Servers.vault().writeKv2(path(registry), Map.of("password", password));
  }

  /// A token that may read what is this instance's, but for some registries.
  String readingToken(String... denied) {
    var rules = new StringBuilder();
    rules.append("path \"secret/*\" {capabilities = [\"read\"]}\n");
    for (String registry : denied) {
      rules.append(
          "path \"secret/data/%s/%s\" {capabilities = [\"deny\"]}\n".formatted(instance, registry));
    }
    String policy = KubeApiServer.uniqueName(instance);
    Servers.vault().policy(policy, rules.toString());
    return Servers.vault().token(policy, Map.of());
  }

  /// Declares a registry and writes its password into Vault.
  Deployment registry(String name, String address, String password) {
    password(name, password);
    return registry(name, address);
  }

  /// Declares a registry, whatever Vault knows of it. Nobody asks it: none of these exists.
  Deployment registry(String name, String address) {
    repository.write(
        "registries/" + name + ".yaml",
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: %s}
        spec:
          address: %s
          credential:
            basic:
              username: puller-of-%s
              password: {vault: {path: %s, key: password}}
          verify: {credential: Never}
        """
            .formatted(name, address, name, path(name)));
    return this;
  }

  /// Declares the environment `production` for the ServiceAccount `default` of all tenants.
  ///
  /// @param more lines of its `spec`, such as `state: Retired`
  Deployment environment(Tenants tenants, List<String> registries, String... more) {
    return environment("production", tenants, registries, more);
  }

  Deployment environment(String name, Tenants tenants, List<String> registries, String... more) {
    var text = new StringBuilder();
    text.append("apiVersion: tidewaiter.dev/v1\nkind: Environment\nmetadata: {name: ")
        .append(name)
        .append("}\nspec:\n");
    Stream.concat(
            Stream.of(
                "registries: " + registries,
                "namespaces: {selector: {matchLabels: {tenant: " + tenants.name() + "}}}",
                "serviceAccounts: {names: [default]}"),
            Stream.of(more))
        .forEach(line -> text.append("  ").append(line).append('\n'));
    repository.write("environments/" + name + ".yaml", text.toString());
    return this;
  }

  String commit(String message) {
    return repository.commit(message);
  }

  /// Runs a command that takes `--config` to its end; beside a running daemon with a state
  /// directory of its own.
  Result run(String command, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    if (daemon != null) {
      all.addAll(List.of("--state-directory", directory.resolve("state-of-commands").toString()));
    }
    return TidewaiterProcess.run(
        directory, environment(), withConfig(command, all.toArray(String[]::new)));
  }

  /// Starts a command that takes `--config`.
  TidewaiterProcess startCommand(String command, String... arguments) {
    return TidewaiterProcess.start(directory, environment(), withConfig(command, arguments));
  }

  private Map<String, String> environment() {
    String options = settings.get("javaOptions");
    return options == null ? Map.of() : Map.of("JDK_JAVA_OPTIONS", options);
  }

  Result apply() {
    return run("apply");
  }

  /// The command `status`, which asks the daemon.
  Result statusCommand(String... arguments) {
    var all = new ArrayList<>(List.of("status", "--address", address().toString()));
    all.addAll(List.of(arguments));
    return TidewaiterProcess.run(directory, all.toArray(String[]::new));
  }

  /// Starts the daemon.
  TidewaiterProcess start(String... arguments) {
    TidewaiterProcess started = startCommand("run", arguments);
    daemon = started;
    return started;
  }

  /// Starts the daemon and waits until it is ready.
  TidewaiterProcess startReady() {
    TidewaiterProcess started = start();
    awaitReady();
    return started;
  }

  /// Stops the daemon in peace.
  Result stop() {
    TidewaiterProcess running = running();
    daemon = null;
    return running.stop();
  }

  TidewaiterProcess running() {
    TidewaiterProcess running = daemon;
    if (running == null) {
      throw new IllegalStateException("the daemon was not started");
    }
    return running;
  }

  /// Waits until the newest commit is in force and all that it declares is there.
  Duration awaitReady() {
    return Await.until(
        LIMIT,
        () -> {
          JsonNode status = status();
          assertThat(status.at("/repository/revisionInForce").asString())
              .isEqualTo(repository.head());
          assertThat(status.path("ready").asBoolean()).as(status.toPrettyString()).isTrue();
          assertThat(status.findValuesAsString("lastAppliedRevision"))
              .allMatch(repository.head()::equals);
        });
  }

  /// Waits until a condition is reported, of whatever it is true.
  ///
  /// @return its messages, one a line
  String awaitCondition(String reason) {
    return awaitCondition(reason, "");
  }

  /// Waits until a condition is reported with a text in its message.
  String awaitCondition(String reason, String text) {
    var messages = new ArrayList<String>();
    Await.until(
        LIMIT,
        () -> {
          JsonNode status = status();
          List<String> found = conditions(status, reason);
          assertThat(found).as(status.toPrettyString()).anyMatch(message -> message.contains(text));
          messages.addAll(found);
        });
    return String.join("\n", messages);
  }

  /// Waits until a condition is reported no more.
  void awaitNoCondition(String reason) {
    Await.until(LIMIT, () -> assertThat(conditions(status(), reason)).isEmpty());
  }

  private static List<String> conditions(JsonNode status, String reason) {
    var messages = new ArrayList<String>();
    for (JsonNode conditions : status.findValues("conditions")) {
      for (JsonNode condition : conditions) {
        if (condition.path("reason").asString().equals(reason)) {
          messages.add(condition.path("message").asString());
        }
      }
    }
    return messages;
  }

  /// Waits until a round began after this call.
  void awaitRound() {
    String before = status().at("/repository/lastRoundAt").asString();
    awaitRoundAfter(awaitRoundAfter(before));
  }

  private String awaitRoundAfter(String before) {
    var seen = new ArrayList<String>();
    Await.until(
        LIMIT,
        () -> {
          String last = status().at("/repository/lastRoundAt").asString();
          assertThat(last).isNotEqualTo(before);
          seen.add(last);
        });
    return seen.getLast();
  }

  JsonNode status() {
    HttpResponse<String> response = get("/status");
    assertThat(response.statusCode()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  HttpResponse<String> get(String path) {
    try {
      var request = HttpRequest.newBuilder(address().resolve(path)).timeout(LIMIT).build();
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(path + " is not answered: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// What the instance has written down in the cluster.
  @Nullable ConfigMap inventory() {
    return Servers.cluster()
        .admin()
        .configMaps()
        .inNamespace("tidewaiter-system")
        .withName("tidewaiter-" + instance)
        .get();
  }

  private String[] withConfig(String command, String... arguments) {
    var all =
        new ArrayList<>(
            List.of(command, "--config", directory.resolve("tidewaiter.yaml").toString()));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  @Override
  public void close() {
    TidewaiterProcess running = daemon;
    if (running != null) {
      running.close();
    }
    http.close();
  }
}
