package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.testbed.Confinement;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What [DockerHostEndToEndIT] runs in namespaces where the host is its own.
public final class DockerHostJourney {
  /// Drift is put right long before the next poll or resync, which are ten minutes away.
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Pattern VERSION = Pattern.compile("\"ServerVersion\":\"([^\"]+)\"");

  private final Path dockerd;
  private final BuildHost host;

  private DockerHostJourney(Path dockerd, BuildHost host) {
    this.dockerd = dockerd;
    this.host = host;
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[2]);
    try (BuildHost host = BuildHost.create(directory)) {
      var journey = new DockerHostJourney(Path.of(arguments[1]), host);
      switch (arguments[0]) {
        case "declaresCorrectsRotatesAndRetires" -> journey.declaresCorrectsRotatesAndRetires();
        case "declaresCorrectsRotatesAndRetiresConfined" -> {
          Confinement.begin(directory);
          journey.declaresCorrectsRotatesAndRetires();
        }
        case "convergesAfterItWasKilled" -> journey.convergesAfterItWasKilled();
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
    System.exit(0);
  }

  private DockerdServer start() {
    return DockerdServer.start(dockerd, host.directory(), List.of("--group", BuildHost.ALICE));
  }

  private void declaresCorrectsRotatesAndRetires() throws Exception {
    try (DockerdServer engine = start()) {
      Map<Path, String> before = host.listing();
      assertThat(pulls(engine)).as("before").containsExactly(false, false);

      host.declare("Active");
      host.applied();
      assertThat(pulls(engine)).as(engine.log()).containsExactly(true, true);
      assertThat(host.dockerPull(BuildHost.PRIVATE, "/nonexistent")).as("others").isFalse();
      Matrix.tested("docker", version(engine), Capability.USER_CREDENTIALS);
      assertThat(BuildHost.SETTINGS)
          .content()
          .startsWith(BuildHost.FOREIGN_SETTINGS.substring(0, 40))
          .contains("\"max-concurrent-uploads\": 4");
      assertThat(host.configJson()).content().contains("\"detachKeys\":  \"ctrl-e,e\"");

      Map<Path, String> declared = host.listing();
      assertThat(host.applied()).contains("0 to create, 0 to update, 0 to prune");
      assertThat(host.listing()).isEqualTo(declared);

      correctsDrift(engine, declared);
      rotatesWithoutACommit(engine);

      host.declare("Retired");
      host.applied();
      assertThat(host.listing()).isEqualTo(before);
      assertThat(pulls(engine)).as("after").containsExactly(false, false);
      assertThat(host.outputs()).doesNotContain(BuildHost.PASSWORD);
    }
  }

  private void correctsDrift(DockerdServer engine, Map<Path, String> declared) throws Exception {
    try (TidewaiterProcess daemon = host.run("10m")) {
      host.awaitReady();
      Files.delete(BuildHost.CA);
      awaitListing(declared, daemon);
      Files.writeString(BuildHost.SETTINGS, BuildHost.FOREIGN_SETTINGS);
      awaitListing(declared, daemon);
      Files.writeString(
          host.configJson(), Files.readString(host.configJson()).replace("puller", "somebody"));
      awaitListing(declared, daemon);
      assertThat(pulls(engine)).as(engine.log()).containsExactly(true, true);
      assertThat(daemon.stop().exitCode()).isZero();
    }
  }

  private void awaitListing(Map<Path, String> declared, TidewaiterProcess daemon) {
    Await.until(SOON, () -> assertThat(host.listing()).as(daemon.output()).isEqualTo(declared));
  }

  private void rotatesWithoutACommit(DockerdServer engine) throws Exception {
    try (TidewaiterProcess daemon = host.run("1s")) {
      host.awaitReady();
      host.rotateAuthority();
      Await.untilTrue(
          SOON,
          "a pull with the new authority\n" + engine.log(),
          () -> host.dockerPull(BuildHost.PRIVATE, host.home()));
      assertThat(daemon.stop().exitCode()).isZero();
    }
  }

  private static String version(DockerdServer engine) {
    String info = engine.info();
    Matcher version = VERSION.matcher(info);
    assertThat(version.find()).as(info).isTrue();
    return info.contains("io.containerd.snapshotter")
        ? version.group(1) + " with the containerd image store"
        : version.group(1);
  }

  private List<Boolean> pulls(DockerdServer engine) throws Exception {
    return List.of(
        host.dockerPull(BuildHost.PRIVATE, host.home()),
        engine.pulls(BuildHost.INSECURE + "/demo/hello", "1"));
  }

  private void convergesAfterItWasKilled() throws Exception {
    try (DockerdServer engine = start()) {
      Map<Path, String> before = host.listing();
      host.declare("Active");
      host.applied();
      Map<Path, String> declared = host.listing();
      List<BooleanSupplier> moments =
          List.of(
              () -> !Files.exists(BuildHost.CA),
              () -> !content(BuildHost.SETTINGS).contains("[\"" + BuildHost.INSECURE),
              () -> !content(host.configJson()).contains("puller"));
      for (BooleanSupplier withdrawn : moments) {
        host.declare("Retired");
        host.killedWhen(withdrawn);
        host.applied();
        assertThat(host.listing()).isEqualTo(before);
        assertThat(engine.info()).doesNotContain(BuildHost.INSECURE);
        host.declare("Active");
        host.killedWhen(() -> !withdrawn.getAsBoolean());
        host.applied();
        assertThat(host.listing()).isEqualTo(declared);
        assertThat(pulls(engine)).as(engine.log()).containsExactly(true, true);
      }
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException _) {
      return "";
    }
  }
}
