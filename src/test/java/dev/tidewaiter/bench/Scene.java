package dev.tidewaiter.bench;

import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.HttpsGitServer;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.VaultServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The servers of a measurement, and a repository that declares one environment over many
/// namespaces with a pull Secret for each of many registries.
///
/// etcd writes to disk before it answers. Git is asked over https, Vault has each credential at a
/// path of its own, and the API server knows the product by the rights of the shipped manifest.
final class Scene implements AutoCloseable {
  static final String INSTANCE = "bench";
  static final String USER = "system:serviceaccount:tidewaiter-system:tidewaiter";

  private static final String PULL_SECRET = "pull";
  private static final String GIT_TOKEN = "git-token-of-the-benchmark";

  private final Path directory;
  private final int namespaces;
  private final int registries;
  private final KubeApiServer cluster;
  private final VaultServer vault;
  private final HttpsGitServer git;
  private final Path gitAuthority;
  private final int listen = TestBed.freePort();

  private Scene(Path directory, int namespaces, int registries) {
    this.directory = directory;
    this.namespaces = namespaces;
    this.registries = registries;
    this.cluster = KubeApiServer.startDurable(made(directory.resolve("cluster")), List.of());
    this.vault = VaultServer.start(directory);
    var certificates = TestCertificates.create(made(directory.resolve("certificates")));
    this.gitAuthority = certificates.ca();
    GitRepository repository = GitRepository.create(made(directory.resolve("git")));
    this.git =
        HttpsGitServer.start(
            repository.bare().resolveSibling(""),
            certificates.server("localhost"),
            "localhost",
            GIT_TOKEN);
    declare(repository);
    fill();
  }

  /// Starts the servers and fills them.
  static Scene set(Path directory, int namespaces, int registries) {
    return new Scene(directory, namespaces, registries);
  }

  KubeApiServer cluster() {
    return cluster;
  }

  int listen() {
    return listen;
  }

  List<String> namespaces() {
    return IntStream.range(0, namespaces).mapToObj("bench-%03d"::formatted).toList();
  }

  private List<String> registries() {
    return IntStream.range(0, registries).mapToObj("registry-%03d"::formatted).toList();
  }

  /// How often the repository's references were listed so far.
  long referenceListings() {
    return git.requests().stream()
        .filter(request -> request.authorized() && request.path().endsWith("/info/refs"))
        .count();
  }

  /// Writes the daemon's configuration, with a state directory of its own.
  Path configuration(String name) {
    String text =
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: %s}
        spec:
          stateDirectory: %s
          repository:
            url: %s
            auth: {token: {username: %s, file: %s}}
            tls: {ca: {file: %s}}
          vault:
            address: %s
            auth: {token: {file: %s}}
            allowedPaths: [{path: secret/registries, environments: [bench]}]
          clusters: [{name: bench, kubeconfig: {file: %s}}]
          listen: 127.0.0.1:%d
        """
            .formatted(
                INSTANCE,
                directory.resolve("state-" + name),
                git.url("remote.git"),
                HttpsGitServer.USERNAME,
                directory.resolve("git-token"),
                gitAuthority,
                vault.address(),
                directory.resolve("vault-token"),
                cluster.kubeconfig("tidewaiter", "CN=" + USER),
                listen);
    return written(directory.resolve(name + ".yaml"), text);
  }

  private void declare(GitRepository repository) {
    repository.write(
        "environment.yaml",
        """
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: bench}
        spec:
          registries: [%s]
          namespaces: {selector: {matchLabels: {bench: "true"}}}
          pullSecret: {name: %s, mode: PerRegistry}
        """
            .formatted(String.join(", ", registries()), PULL_SECRET));
    registries().forEach(name -> repository.write(name + ".yaml", registry(name)));
    repository.commit("Declare the benchmark's environment");
  }

  private static String registry(String name) {
    return """
    apiVersion: tidewaiter.dev/v1
    kind: Registry
    metadata: {name: %1$s}
    spec:
      address: %1$s.acme.example
      credential:
        basic:
          username: robot
          password: {vault: {path: secret/registries/%1$s, key: password}}
      verify: {credential: Never}
    """
        .formatted(name);
  }

  private void fill() {
    written(directory.resolve("git-token"), GIT_TOKEN);
    vault.policy("bench", "path \"secret/*\" { capabilities = [\"read\"] }");
    written(directory.resolve("vault-token"), vault.token("bench", Map.of()));
    registries()
        .forEach(
            name ->
                vault.writeKv2(
                    "secret/registries/" + name,
                    Map.of("password", "password-of-%s-0123456789abcdef".formatted(name))));
    cluster.applyRbac(
        registries().stream().map(name -> PULL_SECRET + "-" + name).toArray(String[]::new));
    namespaces().forEach(name -> cluster.createNamespace(labelled(name)));
  }

  private static NamespaceBuilder labelled(String name) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("bench", "true")
        .endMetadata();
  }

  /// Deletes every pull Secret, and the record of their names: the cluster is as at first.
  void clear() {
    var admin = cluster.admin();
    namespaces()
        .forEach(
            name -> admin.raw("/api/v1/namespaces/%s/secrets".formatted(name), "DELETE", null));
    admin.configMaps().inNamespace("tidewaiter-system").withName("tidewaiter-" + INSTANCE).delete();
  }

  static Path made(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path written(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    git.close();
    vault.close();
    cluster.close();
  }
}
