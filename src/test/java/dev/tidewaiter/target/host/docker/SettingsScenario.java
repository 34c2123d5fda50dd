package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The lists in `daemon.json`: an insecure registry, and a mirror of Docker Hub.
record SettingsScenario(IsolatedDocker host, DockerdServer engine) {
  private static final String PLAIN = IsolatedJvm.ADDRESS + ":5000";
  private static final String MIRROR = "mirror.test:5443";
  private static final String INSECURE_FIELD = "insecure-registries/" + PLAIN;
  private static final String MIRROR_FIELD = "registry-mirrors/https://" + MIRROR;
  private static final String FOREIGN =
      "{\n\t\"log-level\":   \"info\",\n\t\"debug\": false, \"max-concurrent-uploads\": 4}";

  void run() throws Exception {
    Path directory = Files.createDirectories(host.directory().resolve("settings"));
    Path mirror = Files.createDirectories(directory.resolve("mirror"));
    TestCertificates authority = TestCertificates.create(mirror);
    RegistryServer.store(directory, "demo/hello", "1");
    RegistryServer.store(mirror, "library/of-a-mirror", "1");
    var plain = RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5000);
    Files.writeString(IsolatedDocker.SETTINGS, FOREIGN);
    Map<Path, String> before = IsolatedDocker.tree();
    try (RegistryServer _ = RegistryServer.start(directory, plain);
        RegistryServer _ = RegistryServer.start(mirror, CertificateScenario.options(authority))) {
      changesBothListsInOneCycle();
      showsAsDriftWhatIsNotInForce();
      takesItBack();
    }
    assertThat(IsolatedDocker.tree()).isEqualTo(before);
    survivesAnEditAtTheSameMoment();
    Files.delete(IsolatedDocker.SETTINGS);
  }

  private void changesBothListsInOneCycle() throws IOException {
    assertThat(engine.pulls(PLAIN + "/demo/hello", "1")).as("before").isFalse();
    assertThat(engine.pulls("of-a-mirror", "1")).as("before").isFalse();
    String running = host.runtime(Duration.ZERO).running();
    host.applied(
        IsolatedDocker.create(
            IsolatedDocker.INSECURE, INSECURE_FIELD, "insecure-registries/" + MIRROR));
    host.applied(IsolatedDocker.create(IsolatedDocker.MIRRORS, MIRROR_FIELD));
    assertThat(Files.readString(IsolatedDocker.SETTINGS))
        .startsWith(FOREIGN.substring(0, FOREIGN.length() - 1));
    assertThat(engine.pulls(PLAIN + "/demo/hello", "1")).as(engine.log()).isTrue();
    assertThat(engine.pulls("of-a-mirror", "1")).as(engine.log()).isTrue();
    assertThat(host.runtime(Duration.ZERO).running()).isNotEqualTo(running).contains(MIRROR);
    Matrix.tested("docker", host.facts().version(), Capability.INSECURE);
    Matrix.tested("docker", host.facts().version(), Capability.HUB_MIRRORS);
  }

  private void showsAsDriftWhatIsNotInForce() throws Exception {
    assertValues("present");
    byte[] ours = Files.readAllBytes(IsolatedDocker.SETTINGS);
    Files.writeString(
        IsolatedDocker.SETTINGS, "{\"insecure-registries\": [], \"registry-mirrors\": []}");
    live().reload();
    await(() -> live().info().mirrors().isEmpty());
    assertValues("absent");
    Files.write(IsolatedDocker.SETTINGS, ours);
    assertValues("not in force");
    host.applied(IsolatedDocker.create(IsolatedDocker.MIRRORS, MIRROR_FIELD));
    assertValues("present");
  }

  private void assertValues(String value) throws Exception {
    assertThat(host.value(IsolatedDocker.INSECURE, INSECURE_FIELD))
        .isEqualTo(new FieldValue.Plain(value));
    assertThat(host.value(IsolatedDocker.MIRRORS, MIRROR_FIELD))
        .isEqualTo(new FieldValue.Plain(value));
  }

  private void takesItBack() throws IOException {
    host.applied(new Change.Prune(IsolatedDocker.INSECURE));
    assertThat(engine.pulls(PLAIN + "/demo/hello", "1")).as("insecure withdrawn").isFalse();
    assertThat(engine.info()).contains("https://" + MIRROR + "/");
    host.applied(new Change.Prune(IsolatedDocker.MIRRORS));
    assertThat(engine.info()).doesNotContain(MIRROR);
    assertThat(engine.pulls("of-a-mirror", "1")).as("mirror withdrawn").isFalse();
  }

  // Somebody writes after the file was read and before ours is renamed into its place.
  private void survivesAnEditAtTheSameMoment() throws IOException {
    String theirs = "{\"log-level\": \"warn\"}";
    ResourceId id = IsolatedDocker.INSECURE;
    Change change = IsolatedDocker.create(id, INSECURE_FIELD);
    var edits = new EditingFiles(() -> Files.writeString(IsolatedDocker.SETTINGS, theirs));
    Outcome outcome =
        host.target(edits.changes(host.directory().resolve("state")), Duration.ofSeconds(10))
            .apply(IsolatedDocker.ENVIRONMENT, change, IsolatedDocker.NO_PAYLOADS);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(FailureReason.Conflict));
    assertThat(IsolatedDocker.SETTINGS).hasContent(theirs);
    host.applied(change);
    assertThat(Files.readString(IsolatedDocker.SETTINGS)).contains("warn", PLAIN);
    host.applied(new Change.Prune(id));
    assertThat(IsolatedDocker.SETTINGS).hasContent(theirs);
  }

  private static DockerEngine.Running live() throws IOException {
    return new LocalEngine(DockerdServer.SOCKET).find().orElseThrow();
  }

  /// Something that holds soon.
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
