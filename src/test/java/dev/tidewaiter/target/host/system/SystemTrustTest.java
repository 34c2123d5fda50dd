package dev.tidewaiter.target.host.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// On a directory that looks like a host, where nothing is run.
class SystemTrustTest {
  private static final String DEBIAN = "usr/local/share/ca-certificates";
  private static final String RED_HAT = "etc/pki/ca-trust/source/anchors";

  @TempDir private Path directory;
  private Path root;
  private SystemTrust trust;
  private String ca;

  @BeforeEach
  void createHost() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    var changes = new FileChanges(new LocalFiles(root), StateStore.in(directory.resolve("state")));
    trust = new SystemTrust(changes, root);
    ca = Files.readString(TestCertificates.create(directory).ca());
  }

  @ParameterizedTest
  @CsvSource({
    "usr/sbin/update-ca-certificates, " + DEBIAN + ", update-ca-certificates --fresh",
    "usr/bin/update-ca-trust, " + RED_HAT + ", update-ca-trust extract"
  })
  void findsTheFamilyByItsProgram(String program, String anchors, String command) throws Exception {
    assertThat(trust.facts()).isEmpty();
    install(program);
    assertThat(trust.facts()).as("another distribution's program of that name").isEmpty();
    Files.createDirectories(root.resolve(anchors));
    var facts = trust.facts().orElseThrow();
    assertThat(facts.directory()).isEqualTo(anchors);
    assertThat(facts.capabilities()).containsExactly(Capability.TRUST_STORE);
    assertThat(facts.version()).contains("run " + command + " on the host itself");
  }

  @Test
  void writesAndRemovesTheFileAlone() throws Exception {
    install("usr/bin/update-ca-trust");
    Files.createDirectories(root.resolve(RED_HAT));
    ResourceId id = file(RED_HAT);
    assertThat(apply(id, ca)).isEqualTo(new Outcome.Applied());
    assertThat(root.resolve(id.name())).hasContent(ca);
    assertThat(trust.apply("production", new Change.Prune(id), (_, _) -> null))
        .isEqualTo(new Outcome.Applied());
    assertThat(root.resolve(RED_HAT)).isEmptyDirectory();
  }

  @Test
  void neverTouchesAForeignFile() throws Exception {
    install("usr/bin/update-ca-trust");
    ResourceId id = file(RED_HAT);
    Path file = root.resolve(id.name());
    Files.createDirectories(file.getParent());
    Files.writeString(file, "must not be overwritten: foreign");
    assertThat(reason(id, ca)).isEqualTo(FailureReason.Conflict);
    assertThat(file).hasContent("must not be overwritten: foreign");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no PEM",
        "CA-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "CA-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "CA-----BEGIN CERTIFICATE-----\n"
      })
  void takesCertificatesAndNothingElse(String content) throws Exception {
    install("usr/sbin/update-ca-certificates");
    install("etc/ca-certificates.conf");
    ResourceId id = file(DEBIAN);
    assertThat(reason(id, content.replace("CA", ca))).isEqualTo(FailureReason.Rejected);
    assertThat(root.resolve(id.name())).doesNotExist();
  }

  private void install(String program) throws IOException {
    Path path = root.resolve(program);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "");
  }

  private static ResourceId file(String anchors) {
    return new ResourceId(
        ResourceKind.TRUSTED_CERTIFICATE, "system", anchors + "/tidewaiter-quay.crt");
  }

  private Outcome apply(ResourceId id, String content) throws IOException {
    var fields =
        new TreeMap<String, FieldValue>(Map.of("content", new FieldValue.Plain("as compiled")));
    return trust.apply(
        "production",
        new Change.Create(id, fields),
        (_, _) -> new Payload.Text(Secret.of(content)));
  }

  private FailureReason reason(ResourceId id, String content) throws IOException {
    try {
      Outcome outcome = apply(id, content);
      throw new AssertionError("it was taken: " + outcome);
    } catch (HostFileException e) {
      return e.reason();
    }
  }
}
