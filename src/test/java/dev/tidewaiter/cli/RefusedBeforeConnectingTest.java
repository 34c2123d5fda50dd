package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.GitRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a declaration may not do is refused before any connection is made: to Vault, a cloud or a
/// registry.
///
/// All three are reached through a proxy here that counts who comes, and each refusal has its
/// counterpart that is permitted and does connect.
class RefusedBeforeConnectingTest {
  private static final int REJECTED = 3;
  private static final String ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
  private static final String ROLE = "arn:aws:iam::123456789012:role/pull";
  private static final String BOUND =
      "{basic: {username: u, password: {vault: {path: secret/quay, key: password}}}}";

  @TempDir private Path directory;
  private GitRepository repository;
  private ServerSocket proxy;
  private final AtomicInteger connections = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    repository = GitRepository.create(directory);
    Files.createDirectories(directory.resolve("root/etc/docker"));
    Files.writeString(directory.resolve("root/etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    Files.createDirectories(directory.resolve("root/root"));
    Files.writeString(directory.resolve("token"), "of nobody");
    Files.writeString(directory.resolve("key"), "AKIAOFNOBODY00000000");
    proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::hangUp);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
  }

  private void hangUp() {
    try {
      while (true) {
        try (Socket _ = proxy.accept()) {
          connections.incrementAndGet();
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  @Test
  void aBoundSecretThatIsSentElsewhere() throws IOException {
    Shell.Ended refused = apply("quay.io.example.com", BOUND);
    assertThat(refused.exitCode()).as(refused.out()).isEqualTo(REJECTED);
    assertThat(refused.out()).contains("which `vault.allowedPaths` does not allow");
    assertThat(connections).hasValue(0);

    assertThat(apply("quay.io", BOUND).exitCode()).isNotEqualTo(REJECTED);
    assertThat(connections).hasPositiveValue();
  }

  @Test
  void aRoleThatIsNotAllowed() throws IOException {
    String keys = "{ecr: {accessKeyId: %1$s, secretAccessKey: %1$s, roleArn: '%2$s'}}";
    String key = "{file: " + directory.resolve("key") + "}";
    assertThat(apply(ECR, keys.formatted(key, ROLE + "2")).exitCode()).isEqualTo(REJECTED);
    assertThat(connections).hasValue(0);

    assertThat(apply(ECR, keys.formatted(key, ROLE)).exitCode()).isNotEqualTo(REJECTED);
    assertThat(connections).hasPositiveValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          999999999999.dkr.ecr.eu-central-1.amazonaws.com | {ecr: {}}
          123456789012.dkr.ecr.eu-central-1.amazonaws.com | {ecr: {registryId: '999999999999'}}
          999999999999.dkr.ecr.eu-central-1.amazonaws.com | {ecr: {registryId: '123456789012'}}
          999999999999.dkr.ecr.eu-central-1.amazonaws.com | {ecr: {roleArn: 'arn:aws:iam::123456789012:role/pull'}}
          public.ecr.aws                                  | {ecr: {}}
          gcr.io                                          | {googleToken: {}}
          """)
  void theDaemonsOwnIdentityForWhatIsNotListed(String address, String credential)
      throws IOException {
    Shell.Ended refused = apply(address, credential);
    assertThat(refused.exitCode()).as(refused.out()).isEqualTo(REJECTED);
    assertThat(refused.out()).contains("this daemon's own identity");
    assertThat(connections).hasValue(0);
  }

  private Shell.Ended apply(String address, String credential) throws IOException {
    repository
        .write(
            "declarations.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Registry
            metadata: {name: r}
            spec: {address: %s, credential: %s}
            ---
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec:
              registries: [r]
              hosts: {selector: {matchLabels: {role: worker}}, credentials: {users: [root]}}
            """
                .formatted(address, credential))
        .commit("Declare " + address);
    // Another state directory each time: no revision was in force before.
    Path state = Files.createTempDirectory(directory, "state");
    Path configuration =
        Files.writeString(
            directory.resolve("tidewaiter.yaml"),
            """
            apiVersion: tidewaiter.dev/v1
            kind: Daemon
            metadata: {name: test}
            spec:
              stateDirectory: %s
              repository: {url: "%s"}
              proxy: {url: "http://127.0.0.1:%d"}
              vault:
                address: https://vault.example
                auth: {token: {file: token}}
                allowedPaths: [{path: secret/quay, addresses: [quay.io], environments: [production]}]
              aws: {ambientIdentity: ["123456789012"], allowedRoles: ["%s"]}
              files: {allowedDirectories: ["%s"]}
              host: {labels: {role: worker}, root: "%s"}
              listen: "127.0.0.1:1"
            """
                .formatted(
                    state,
                    repository.url(),
                    proxy.getLocalPort(),
                    ROLE,
                    directory,
                    directory.resolve("root")));
    return Shell.run("apply", "--config", configuration.toString());
  }
}
