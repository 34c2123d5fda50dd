package dev.tidewaiter.cli;

import dev.tidewaiter.testbed.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A repository, the root of a host with Docker, and the configuration of a daemon between them: a
/// whole installation that needs no server.
final class HostFixture {
  static final String OPEN_REGISTRY =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: lab}
      spec: {address: "lab.example:5000", credential: {anonymous: {}}, tls: {insecure: true}}
      """;

  private final GitRepository repository;
  private final Path directory;

  HostFixture(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.repository = GitRepository.create(directory);
    Files.createDirectories(root().resolve("etc/docker"));
    Files.writeString(root().resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/bash\n");
    Files.createDirectories(root().resolve("root"));
    writeConfiguration("file://" + repository.bare());
    repository
        .write("lab.yaml", OPEN_REGISTRY)
        .write("environment.yaml", environment("registries: [lab]"))
        .commit("One insecure registry on hosts");
  }

  static String environment(String registries) {
    return """
    apiVersion: tidewaiter.dev/v1
    kind: Environment
    metadata: {name: production}
    spec:
      %s
      hosts: {selector: {matchLabels: {role: worker}}, credentials: {users: [root]}}
    """
        .formatted(registries);
  }

  GitRepository repository() {
    return repository;
  }

  Path root() {
    return directory.resolve("root");
  }

  Path state() {
    return directory.resolve("state");
  }

  /// The daemon's configuration.
  Path configuration() {
    return directory.resolve("tidewaiter.yaml");
  }

  void writeConfiguration(String url) throws IOException {
    writeConfiguration(url, "127.0.0.1:1");
  }

  void writeConfiguration(String url, String listen) throws IOException {
    Files.writeString(
        configuration(),
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: test}
        spec:
          stateDirectory: %s
          repository: {url: "%s"}
          files: {allowedDirectories: ["%s"]}
          host: {labels: {role: worker}, root: "%s"}
          listen: "%s"
        """
            .formatted(state(), url, directory.resolve("secrets"), root(), listen));
  }

  Shell.Ended run(String command, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = command;
    arguments[1] = "--config";
    arguments[2] = configuration().toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Shell.run(arguments);
  }
}
