package dev.tidewaiter.target.host.docker;

import static dev.tidewaiter.target.host.docker.TestHost.ALICE;
import static dev.tidewaiter.target.host.docker.TestHost.CA;
import static dev.tidewaiter.target.host.docker.TestHost.ENVIRONMENT;
import static dev.tidewaiter.target.host.docker.TestHost.SETTINGS;
import static dev.tidewaiter.target.host.docker.TestHost.auth;
import static dev.tidewaiter.target.host.docker.TestHost.text;
import static dev.tidewaiter.target.host.docker.TestHost.writes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.host.CrashingFiles;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.certsd.Certificates;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerFilesTest {
  private static final Compiled.Payloads NONE = (_, _) -> null;
  private static final String INSECURE = "insecure-registries/lab.test:5000";
  private static final String AUTH = "auths/quay.test";

  @TempDir private Path directory;
  private TestHost host;
  private String ca;

  @BeforeEach
  void createHost() throws IOException {
    host = TestHost.create(directory);
    ca = Files.readString(Certificates.create(directory, "192.0.2.1").ca());
  }

  @Test
  void tellsRuntimesUsersAndOwners() throws Exception {
    applied(host.target(), writes(CA, "content"), text(ca));
    var surroundings = (Surroundings.Host) host.target().surroundings();
    assertThat(surroundings.labels()).isEqualTo(Map.of("role", "worker"));
    assertThat(surroundings.runtimes()).extracting(RuntimeFacts::scope).containsExactly("docker");
    assertThat(surroundings.users()).isEqualTo(Map.of("alice", "/home/alice"));
    assertThat(surroundings.ownedBy()).containsExactly(ENVIRONMENT);
  }

  @Test
  void restoresEveryByteAfterWithdrawal() throws Exception {
    Files.writeString(host.daemonJson(), "{ \"b\" : 1,\"a\":[ 2 ] }");
    Map<String, String> before = host.tree();
    writeAll(host.target());
    assertThat(host.daemonJson())
        .hasContent("{ \"b\" : 1,\"a\":[ 2 ],\"insecure-registries\": [\"lab.test:5000\"] }");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(host.configJson())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(host.configJson().getParent())))
        .isEqualTo("rwx------");
    withdrawAll(host.target());
    assertThat(host.tree()).isEqualTo(before);
    assertThat(host.target().environments()).isEmpty();
  }

  @Test
  void keepsWhatOthersWroteMeanwhile() throws Exception {
    writeAll(host.target());
    String settings = Files.readString(host.daemonJson());
    Files.writeString(host.daemonJson(), settings.replaceFirst("\\{", "{\"debug\": true,"));
    String config = Files.readString(host.configJson());
    Files.writeString(
        host.configJson(), config.replace("\"auths\": {", "\"auths\": {\"other.test\": {},"));
    withdrawAll(host.target());
    assertThat(host.daemonJson()).content().isEqualToIgnoringWhitespace("{\"debug\": true}");
    assertThat(host.configJson())
        .content()
        .isEqualToIgnoringWhitespace("{\"auths\": {\"other.test\": {}}}");
  }

  @Test
  void keepsAForeignEditThatAnUpdateOfOursFollowed() throws Exception {
    applied(host.target(), writes(SETTINGS, INSECURE), NONE);
    Files.writeString(
        host.daemonJson(), "{\"debug\": true, \"insecure-registries\": [\"lab.test:5000\"]}");
    applied(host.target(), writes(SETTINGS, "insecure-registries/second.test"), NONE);
    applied(host.target(), new Change.Prune(SETTINGS), NONE);
    assertThat(host.daemonJson()).hasContent("{\"debug\": true}");
  }

  @Test
  void observesWhatItWroteAsOurs() throws Exception {
    writeAll(host.target());
    ObservedResource credentials = observe(ALICE);
    assertThat(credentials.holding()).isEqualTo(new Holding.Shared());
    assertThat(value(ALICE, AUTH))
        .isEqualTo(
            new FieldValue.Sealed(
                host.sealer().seal(ALICE, AUTH, TestHost.credential("first").sealable())));
    assertThat(observe(CA).holding()).isEqualTo(new Holding.Ours());
    assertThat(value(CA, "mode")).isEqualTo(new FieldValue.Plain("0644"));
    Files.delete(host.configJson());
    assertThat(value(ALICE, AUTH)).isEqualTo(new FieldValue.Plain("absent"));
  }

  @Test
  void showsAnEntryWithMoreThanOursAsDrift() throws Exception {
    writeAll(host.target());
    FieldValue written = value(ALICE, AUTH);
    String config = Files.readString(host.configJson());
    Files.writeString(host.configJson(), config.replace("\"auth\":", "\"extra\": 1, \"auth\":"));
    assertThat(value(ALICE, AUTH)).isNotEqualTo(written);
  }

  @Test
  void neverTouchesAForeignFileInItsPlace() throws Exception {
    Path file = host.root().resolve(CA.name());
    Files.createDirectories(file.getParent());
    Files.writeString(file, "must not be overwritten: foreign");
    assertThat(observe(CA).holding()).isInstanceOf(Holding.Foreign.class);
    assertThat(host.failure(writes(CA, "content"), text(ca))).isEqualTo(FailureReason.Conflict);
    assertThat(file).hasContent("must not be overwritten: foreign");
  }

  @Test
  void leavesWhatBelongsToAnotherEnvironment() throws Exception {
    writeAll(host.target());
    Map<String, String> before = host.tree();
    ObservedResource certificate = Observing.all(host.target(), "staging", Set.of(CA)).getFirst();
    assertThat(certificate.holding()).isEqualTo(new Holding.Elsewhere("environment production"));
    Outcome outcome = host.target().apply("staging", new Change.Prune(CA), NONE);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(host.target().apply("staging", new Change.Prune(ALICE), NONE))
        .isInstanceOf(Outcome.Unchanged.class);
    assertThat(host.tree()).isEqualTo(before);
  }

  @Test
  void leavesAForeignEntryAlone() throws Exception {
    Files.createDirectories(host.configJson().getParent());
    Files.writeString(host.configJson(), "{\"auths\": {\"quay.test\": {\"auth\": \"Zm9v\"}}}");
    Map<String, String> before = host.tree();
    assertThat(host.failure(writes(ALICE, AUTH), auth("first"))).isEqualTo(FailureReason.Conflict);
    assertThat(host.tree()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": 1, \"a\": 2}",
        "{\"a\":",
        "[]",
        "{} {}",
        "{\"insecure-registries\": 1}",
        "{\"a\": 1 /* c */}"
      })
  void refusesSettingsThatAreNotAsTheyHaveToBe(String settings) throws Exception {
    Files.writeString(host.daemonJson(), settings);
    assertThat(host.failure(writes(SETTINGS, INSECURE), NONE)).isEqualTo(FailureReason.Unsafe);
    assertThat(host.daemonJson()).hasContent(settings);
    assertThat(host.target().environments()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"credsStore\": \"pass\"}", "{\"credHelpers\": {\"quay.test\": \"ecr\"}}"})
  void refusesCredentialsThatDockerWouldNotUse(String config) throws Exception {
    Files.createDirectories(host.configJson().getParent());
    Files.writeString(host.configJson(), config);
    assertThat(host.failure(writes(ALICE, AUTH), auth("first"))).isEqualTo(FailureReason.Unsafe);
    assertThat(host.configJson()).hasContent(config);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"home", "home/alice", "home/alice/.docker", "home/alice/.docker/config.json"})
  void followsNoLinkToCredentials(String component) throws Exception {
    refusesLinkAt(component, writes(ALICE, AUTH), auth("first"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etc/docker/certs.d",
        "etc/docker/certs.d/quay.test",
        "etc/docker/certs.d/quay.test/ca.crt"
      })
  void followsNoLinkToCertificates(String component) throws Exception {
    refusesLinkAt(component, writes(CA, "content"), text(ca));
  }

  private void refusesLinkAt(String component, Change change, Compiled.Payloads payloads)
      throws Exception {
    Path link = host.root().resolve(component);
    Path target = directory.resolve("must not be reached");
    if (Files.exists(link)) {
      Files.move(link, target);
    } else {
      Files.createDirectories(link.getParent());
      Files.createDirectories(target);
    }
    Files.createSymbolicLink(link, target);
    assertThat(host.failure(change, payloads)).isEqualTo(FailureReason.Unsafe);
    if (Files.isDirectory(target)) {
      try (var paths = Files.walk(target)) {
        assertThat(paths.filter(Files::isRegularFile)).isEmpty();
      }
    }
    assertThat(link).isSymbolicLink();
  }

  @Test
  void writesNoClientCertificateWithoutItsKey() throws Exception {
    ResourceId certificate = TestHost.certificate("quay.test", "client.cert");
    Compiled.Payloads payloads =
        (id, _) -> id.equals(certificate) ? text(ca).find(id, "content") : null;
    assertThat(host.failure(writes(certificate, "content"), payloads))
        .isEqualTo(FailureReason.Unsafe);
    assertThat(host.root().resolve(certificate.name())).doesNotExist();
  }

  @Test
  void rejectsWhatIsNoCertificate() throws Exception {
    assertThat(host.failure(writes(CA, "content"), text("no PEM")))
        .isEqualTo(FailureReason.Rejected);
    assertThat(host.root().resolve(CA.name())).doesNotExist();
  }

  @Test
  void plansNothingWhenItsStateIsDamaged() throws Exception {
    writeAll(host.target());
    Files.writeString(host.state().resolve("host/state.json"), "{");
    HostTarget target = host.target();
    assertThatThrownBy(() -> Observing.all(target, ENVIRONMENT, Set.of()))
        .isInstanceOf(TargetException.class);
    assertThat(host.failure(new Change.Prune(CA), NONE)).isEqualTo(FailureReason.Unsafe);
    assertThat(host.root().resolve(CA.name())).exists();
  }

  @Test
  void releasesWithoutTouchingTheFile() throws Exception {
    writeAll(host.target());
    Map<String, String> before = host.tree();
    for (ResourceId id : List.of(CA, SETTINGS, ALICE)) {
      assertThat(host.target().release(ENVIRONMENT, id)).isEqualTo(new Outcome.Applied());
    }
    assertThat(host.tree()).isEqualTo(before);
    assertThat(host.target().environments()).isEmpty();
  }

  @Test
  void convergesAfterACrashAtAnyStepOfWriting() throws Exception {
    writeAll(host.target());
    Map<String, String> written = host.tree();
    withdrawAll(host.target());
    Map<String, String> clean = host.tree();
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      crashed = crashes(steps++, this::writeAll);
      writeAll(host.target());
      assertThat(host.tree()).as("after a crash at step " + steps).isEqualTo(written);
      withdrawAll(host.target());
      assertThat(host.tree()).as("withdrawn after step " + steps).isEqualTo(clean);
    }
    assertThat(steps).isGreaterThan(15);
  }

  @Test
  void convergesAfterACrashAtAnyStepOfWithdrawing() throws Exception {
    Map<String, String> clean = host.tree();
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      writeAll(host.target());
      crashed = crashes(steps++, this::withdrawAll);
      withdrawAll(host.target());
      assertThat(host.tree()).as("after a crash at step " + steps).isEqualTo(clean);
      assertThat(host.target().environments()).isEmpty();
    }
    assertThat(steps).isGreaterThan(10);
  }

  @Test
  void withdrawsAfterACrashAtAnyStepOfWriting() throws Exception {
    Map<String, String> clean = host.tree();
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      crashed = crashes(steps++, this::writeAll);
      withdrawAll(host.target());
      assertThat(host.tree()).as("after a crash at step " + steps).isEqualTo(clean);
    }
    assertThat(steps).isGreaterThan(15);
  }

  @Test
  void callsBackWhenAFileChanges() throws Exception {
    applied(host.target(), writes(CA, "content"), text(ca));
    var scopes = new LinkedBlockingQueue<String>();
    try (HostTarget target = host.target()) {
      target.watch(event -> scopes.add(event.scope()));
      Files.writeString(host.root().resolve(CA.name()), "drift");
      assertThat(scopes.poll(10, TimeUnit.SECONDS)).isEqualTo("docker");
    }
  }

  @Test
  void callsBackWhenTheEngineStarts() throws Exception {
    Path run = Files.createDirectories(host.root().resolve("run"));
    var scopes = new LinkedBlockingQueue<String>();
    try (HostTarget target = host.target()) {
      target.watch(event -> scopes.add(event.scope()));
      Files.createFile(run.resolve("docker.sock"));
      assertThat(scopes.poll(10, TimeUnit.SECONDS)).isEqualTo("docker");
    }
  }

  /// Changes on one host.
  private interface Work {
    void on(HostTarget target) throws Exception;
  }

  private boolean crashes(int steps, Work work) throws Exception {
    try {
      work.on(host.target(DockerEngine.NONE, steps));
      return false;
    } catch (CrashingFiles.Crash _) {
      return true;
    }
  }

  private void writeAll(HostTarget target) {
    applied(target, writes(CA, "content"), text(ca));
    applied(target, writes(SETTINGS, INSECURE), NONE);
    applied(target, writes(ALICE, AUTH), auth("first"));
  }

  private void withdrawAll(HostTarget target) throws TargetException {
    for (ObservedResource resource : Observing.all(target, ENVIRONMENT, Set.of())) {
      applied(target, new Change.Prune(resource.id()), NONE);
    }
  }

  private FieldValue value(ResourceId id, String field) throws Exception {
    return Optional.ofNullable(observe(id).fields().get(field)).orElseThrow().value();
  }

  private ObservedResource observe(ResourceId id) throws Exception {
    return Observing.all(host.target(), ENVIRONMENT, Set.of(id)).stream()
        .filter(resource -> resource.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static void applied(HostTarget target, Change change, Compiled.Payloads payloads) {
    assertThat(target.apply(ENVIRONMENT, change, payloads)).isEqualTo(new Outcome.Applied());
  }
}
