package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testing.HostParts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The power fails while a host with every runtime is changed: 20 times, or with `-Dsoak=true` 200
/// times.
@Tag("soak")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class HostKillIT {
  private static final int KILLS = Boolean.getBoolean("soak") ? 200 : 20;

  /// What stands there before us, so that each runtime is found and has something to lose.
  private static final Map<String, String> FILES =
      Map.of(
          "etc/passwd", "builder:x:0:0::/home/builder:/bin/sh\n",
          "home/builder/.docker/config.json",
              "{\"auths\": {\"theirs.test\": {\"auth\": \"YTpi\"}}}",
          "etc/docker/daemon.json",
              "{\"debug\": false, \"insecure-registries\": [\"theirs.test\"]}",
          "etc/containerd/config.toml",
              """
              version = 2
              [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = "/etc/containerd/certs.d"
              """,
          "etc/containerd/certs.d/theirs.test/hosts.toml", "server = \"https://theirs.test\"\n",
          "etc/containers/policy.json", "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}",
          "usr/bin/podman", "",
          "var/lib/kubelet/config.json", "{\"auths\": {\"theirs.test\": {\"auth\": \"YTpi\"}}}",
          "usr/sbin/update-ca-certificates", "",
          "etc/ca-certificates.conf", "");

  private final Random random = new Random(20261121);

  @TempDir private Path directory;
  private GitRepository repository;
  private List<String> authorities;

  @BeforeEach
  void createRepository() throws IOException {
    repository = GitRepository.create(directory);
    Files.createDirectory(directory.resolve("secrets"));
    authorities = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Path files = Files.createDirectory(directory.resolve(name));
      authorities.add(Files.readString(TestCertificates.create(files).ca()));
    }
  }

  @Test
  void convergesToExactlyWhatIsDeclaredWhereverItIsKilled() throws Exception {
    declare(0, "Active", "[quay, lab, mirrored]");
    assertThat(clean("clean").keySet())
        .contains(
            "etc/docker/certs.d/quay.test/ca.crt",
            "etc/docker/daemon.json/insecure-registries/\"lab.test:5000\"",
            "home/builder/.docker/config.json/auths/mirrored.test",
            "etc/containerd/certs.d/lab.test:5000/hosts.toml",
            "etc/containers/certs.d/quay.test/ca.crt",
            "etc/containers/registries.conf.d/90-tidewaiter.conf",
            "home/builder/.config/containers/auth.json/auths/quay.test",
            "var/lib/kubelet/config.json/auths/quay.test",
            "usr/local/share/ca-certificates/tidewaiter-quay.crt");
    Host host = createHost("killed");
    Map<String, String> untouched = HostParts.of(host.root());
    int inTheMiddle = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      boolean retired = kill == KILLS || random.nextInt(5) == 0;
      declare(
          kill,
          retired ? "Retired" : "Active",
          List.of("[quay]", "[quay, lab]", "[lab, mirrored]").get(random.nextInt(3)));
      int writes = killDuring(host);
      assertThat(HostParts.of(host.root()).keySet()).containsAll(untouched.keySet());
      Map<String, String> left = HostParts.of(host.root());
      apply(host);
      Map<String, String> converged = HostParts.of(host.root());
      inTheMiddle += writes > 0 && !left.equals(converged) ? 1 : 0;
      assertThat(converged)
          .as("kill %d", kill)
          .isEqualTo(retired ? untouched : clean("clean-" + kill));
    }
    assertThat(inTheMiddle).as("kills that fell between two writes").isPositive();
  }

  /// A host's root, and the configuration of the instance that serves it.
  private record Host(Path root, Path state, Path configuration) {
    /// Changes with each write of the state file; 0 while there is none.
    int generation() throws IOException {
      try {
        return Files.readAttributes(state.resolve("host/state.json"), "unix:ino,ctime").hashCode();
      } catch (NoSuchFileException _) {
        return 0;
      }
    }
  }

  private Host createHost(String name) throws IOException {
    Path root = directory.resolve(name);
    for (var file : FILES.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    Path state = directory.resolve(name + "-state");
    Path configuration =
        Files.writeString(
            directory.resolve(name + ".yaml"),
            """
            apiVersion: tidewaiter.dev/v1
            kind: Daemon
            metadata: {name: isolated}
            spec:
              stateDirectory: %s
              repository: {url: "%s"}
              files: {allowedDirectories: [%s]}
              host: {labels: {role: build}, root: %s}
            """
                .formatted(state, repository.url(), directory.resolve("secrets"), root));
    return new Host(root, state, configuration);
  }

  private Map<String, String> clean(String name) throws IOException {
    Host host = createHost(name);
    apply(host);
    return HostParts.of(host.root());
  }

  private void declare(int number, String state, String registries) throws IOException {
    Path password = directory.resolve("secrets/password");
    Path ca = directory.resolve("secrets/ca.pem");
    Files.writeString(password, "password-" + number);
    Files.writeString(ca, authorities.get(random.nextInt(2)));
    repository.write(
        "registries.yaml",
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: quay}
        spec:
          address: quay.test
          credential: {basic: {username: puller, password: {file: "%s"}}}
          tls: {ca: {file: "%s"}}
          verify: {credential: Never}
        ---
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: lab}
        spec:
          address: lab.test:5000
          credential: {anonymous: {}}
          tls: {insecure: true}
        ---
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: mirrored}
        spec:
          address: mirrored.test
          credential: {basic: {username: puller, password: {file: "%s"}}}
          verify: {credential: Never}
        """
            .formatted(password, ca, password));
    repository.write(
        "environment.yaml",
        """
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: build-hosts}
        spec:
          state: %s
          registries: %s
          prune: {maxDeletions: 1000, maxPercent: 100}
          hosts:
            selector: {matchLabels: {role: build}}
            runtimes: [docker, containerd, podman, kubelet]
            credentials: {users: [builder], node: true}
            trustStore: true
            unsupported: Accept
        """
            .formatted(state, registries));
    repository.commit("Declare " + number);
  }

  /// @return how often it wrote its state before it was killed
  private int killDuring(Host host) throws IOException {
    int wanted = random.nextInt(24);
    int seen = 0;
    int generation = host.generation();
    try (TidewaiterProcess process =
        TidewaiterProcess.start(directory, "apply", "--config", host.configuration().toString())) {
      while (process.isAlive() && seen < wanted) {
        int now = host.generation();
        seen += now == generation ? 0 : 1;
        generation = now;
        LockSupport.parkNanos(Duration.ofNanos(50_000).toNanos());
      }
      LockSupport.parkNanos(random.nextInt(2_000_000));
      process.kill();
    }
    return seen;
  }

  private static void apply(Host host) {
    var output = new StringWriter();
    var writer = new PrintWriter(output);
    int status =
        Main.commandLine()
            .setOut(writer)
            .setErr(writer)
            .execute("apply", "--config", host.configuration().toString());
    assertThat(status).as(output.toString()).isZero();
  }
}
