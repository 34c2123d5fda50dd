package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// What [DockerHostIT] runs inside an [IsolatedJvm]: all that one engine shows, which is never
/// restarted for it.
public final class DockerHostScenario {
  private static final String REGISTRY = IsolatedJvm.ADDRESS + ":5000";

  private final IsolatedDocker host;
  private final Path dockerd;

  private DockerHostScenario(IsolatedDocker host, Path dockerd) {
    this.host = host;
    this.dockerd = dockerd;
  }

  public static void main(String[] arguments) throws Exception {
    var kind = IsolatedDocker.Kind.valueOf(arguments[0]);
    Path directory = Path.of(arguments[2]);
    furnish(directory);
    var host = new IsolatedDocker(kind, directory, Sealer.withRandomKey());
    new DockerHostScenario(host, Path.of(arguments[1])).run();
    System.exit(0);
  }

  // Only in our own mount namespace: names of registries, and a user with a home of its own.
  private static void furnish(Path directory) throws Exception {
    String names = "reg.test mirror.test closed.test inactive.test";
    mount(
        directory.resolve("hosts"),
        "127.0.0.1 localhost\n%s %s".formatted(IsolatedJvm.ADDRESS, names),
        "/etc/hosts");
    String users = "root:x:0:0::/root:/bin/sh\nalice:x:0:0::/run/alice:/bin/sh\n";
    mount(directory.resolve("passwd"), users, "/etc/passwd");
    Files.createDirectories(Path.of("/run/alice"));
  }

  private static void mount(Path file, String content, String place) throws Exception {
    Files.writeString(file, content);
    var mount = new ProcessBuilder("mount", "--bind", file.toString(), place);
    assertThat(mount.inheritIO().start().waitFor()).isZero();
  }

  private void run() throws Exception {
    assertThat(host.facts().version()).as("nothing runs yet").isEmpty();
    host.applied(IsolatedDocker.create(IsolatedDocker.INSECURE, "insecure-registries/" + REGISTRY));
    try (DockerdServer engine = host.start(dockerd)) {
      String started = process();
      readsAtItsStartWhatWasWrittenBefore(engine);
      saysWhatItCanDo();
      new CertificateScenario(host, engine).run();
      new LoginScenario(host, engine).run();
      new TokenScenario(host, engine).run();
      new SettingsScenario(host, engine).run();
      new ReloadTrapsScenario(host, engine).run();
      if (host.kind() == IsolatedDocker.Kind.STORE) {
        GovernanceScenario.prepare(host, engine).run();
      } else {
        new UngovernedScenario(host, engine).run();
      }
      assertThat(process()).as("never restarted").isEqualTo(started);
    }
    if (host.kind() != IsolatedDocker.Kind.GRAPH) {
      new StartFlagsScenario(host, dockerd).run();
    }
  }

  private String process() throws IOException {
    String running = host.runtime(Duration.ZERO).running();
    return running.substring(0, running.indexOf(','));
  }

  private void readsAtItsStartWhatWasWrittenBefore(DockerdServer engine) throws IOException {
    assertThat(engine.info()).contains(REGISTRY);
    host.applied(new Change.Prune(IsolatedDocker.INSECURE));
    assertThat(IsolatedDocker.SETTINGS).doesNotExist();
    assertThat(engine.info()).doesNotContain(REGISTRY);
  }

  private void saysWhatItCanDo() throws IOException {
    RuntimeFacts facts = host.facts();
    String version =
        switch (host.kind()) {
          case OLD -> "20.10.24+dfsg1 with the graph driver overlay2";
          case GRAPH -> "29.0.0 with the graph driver overlay2";
          case STORE -> "29.0.0 with the containerd image store";
        };
    assertThat(facts.version()).isEqualTo(version);
    boolean governs = host.kind() == IsolatedDocker.Kind.STORE;
    for (Capability capability :
        Set.of(
            Capability.ALLOW_LIST,
            Capability.DEFAULT_REGISTRY,
            Capability.MIRRORS,
            Capability.NODE_CREDENTIALS)) {
      assertThat(facts.can(capability)).as(capability.word()).isEqualTo(governs);
    }
    for (Map.Entry<Capability, String> lack : facts.lacks().entrySet()) {
      assertThat(lack.getValue()).isNotBlank();
      Matrix.refused("docker", version, lack.getKey());
    }
  }
}
