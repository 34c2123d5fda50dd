package dev.tidewaiter.target.host.certsd;

import static dev.tidewaiter.target.host.certsd.TreeHost.all;
import static dev.tidewaiter.target.host.certsd.TreeHost.certificate;
import static dev.tidewaiter.target.host.certsd.TreeHost.declared;
import static dev.tidewaiter.target.host.certsd.TreeHost.hosts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.certsd.TreeHost.Declared;
import dev.tidewaiter.testbed.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `hosts.toml` of registries, without a denial.
class HostsFilesTest {
  private static final String URL = "https://reg.test";
  private static final String CA = "/etc/containerd/certs.d/reg.test/ca.crt";
  private static final Declared PLAIN = declared(hosts("reg.test"), "endpoint/1=" + URL);

  @TempDir private Path directory;
  private TreeHost host;
  private Path file;
  private String ca;

  @BeforeEach
  void createHost() throws Exception {
    host = TreeHost.create(directory);
    file = host.file(hosts("reg.test"));
    TestCertificates.create(directory);
    ca = Files.readString(directory.resolve("ca.pem"));
  }

  @Test
  void observesWhatItWroteAndPlansNothing() throws Exception {
    Declared declared =
        host.withCredential(
            declared(hosts("reg.test"), "endpoint/1=http://mirror.test", "endpoint/2=" + URL),
            2,
            "first");
    assertConverges(declared);
    assertThat(mode()).isEqualTo("rw-------");
    assertConverges(
        declared(hosts("reg.test"), "endpoint/1=http://mirror.test", "endpoint/2=" + URL));
    assertThat(mode()).isEqualTo("rw-r--r--");
    assertThat(file).content().doesNotContain("Authorization");
    assertConverges(PLAIN);
    assertThat(file).content().doesNotContain("mirror.test");
  }

  @Test
  void restoresEveryByteAndDirectoryAfterWithdrawal() throws Exception {
    Map<String, String> before = host.tree();
    assertConverges(
        all(
            TreeHost.withContent(certificate("reg.test", "ca.crt"), ca),
            declared(hosts("reg.test"), "endpoint/1=" + URL + " ca=" + CA)));
    assertConverges(Declared.nothing());
    assertThat(host.tree()).isEqualTo(before);
    assertThat(host.target().environments()).isEmpty();
  }

  @Test
  void keepsACredentialWhereSomebodyEditedTheRest() throws Exception {
    Declared declared = host.withCredential(PLAIN, 1, "of reg.test");
    assertConverges(declared);
    String written = Files.readString(file);
    Files.writeString(file, written + "X-Other = \"edited\"\n");
    var withheld =
        new Declared(
            List.of(
                new Resource(
                    hosts("reg.test"),
                    new TreeMap<>(
                        Map.of(
                            "endpoint/1",
                            declared.resources().getFirst().fields().get("endpoint/1"),
                            "authorization/1",
                            new DesiredField.Withheld("sealed"))))),
            Map.of());
    assertThat(host.cycle(withheld)).isEmpty();
    assertThat(file).hasContent(written);
  }

  @Test
  void keepsACredentialWithItsUrlWhereAMirrorComesAndGoes() throws Exception {
    Declared alone = host.withCredential(PLAIN, 1, "of reg.test");
    Declared mirrored =
        host.withCredential(
            declared(hosts("reg.test"), "endpoint/1=https://mirror.test", "endpoint/2=" + URL),
            2,
            "of reg.test");
    assertConverges(alone);
    for (Change change : host.plan(mirrored).changes()) {
      Outcome _ = host.target().apply(TreeHost.ENVIRONMENT, change, mirrored.payloads());
      assertThat(credentialOf("https://mirror.test")).isFalse();
      assertThat(credentialOf(URL)).isTrue();
    }
    assertConverges(mirrored);
    for (Change change : host.plan(alone).changes()) {
      Outcome _ = host.target().apply(TreeHost.ENVIRONMENT, change, alone.payloads());
      assertThat(credentialOf(URL)).isTrue();
    }
    assertConverges(alone);
  }

  private boolean credentialOf(String url) throws Exception {
    return Files.readString(file).contains("[host.\"" + url + "\".header]");
  }

  @Test
  void deniesOnlyWithTheWithdrawalOfWhatWasReached() throws Exception {
    Declared denied = declared(hosts("reg.test"), "denied=present");
    assertConverges(PLAIN);
    List<Change> changes = host.plan(denied).changes();
    assertThat(changes).extracting(Change::isWithdrawal).containsExactly(false, true);
    Outcome _ = host.target().apply(TreeHost.ENVIRONMENT, changes.getFirst(), denied.payloads());
    assertThat(file).content().contains(URL);
    assertConverges(denied);
    assertThat(file).content().doesNotContain(URL);
    assertConverges(PLAIN);
  }

  @Test
  void correctsWhatSomebodyEdited() throws Exception {
    assertConverges(PLAIN);
    String written = Files.readString(file);
    for (String edited :
        List.of(
            written + "# more\n",
            written.replace("\"pull\"", "\"push\""),
            written.replace(URL, "https://evil.test"),
            written + "[host.\"https://evil.test\"]\n",
            written + "[host.\"https://e\\\"vil.test\"]\n",
            "server = ",
            "")) {
      Files.writeString(file, edited);
      assertThat(observed().fields().keySet()).as(edited).contains("content");
      assertThat(observed().holding()).isEqualTo(new Holding.Ours());
      assertConverges(PLAIN);
      assertThat(file).hasContent(written);
    }
    Files.delete(file);
    assertConverges(PLAIN);
    assertThat(file).hasContent(written);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertConverges(PLAIN);
    assertThat(mode()).isEqualTo("rw-r--r--");
  }

  @Test
  void showsAnotherPasswordAsDrift() throws Exception {
    Declared declared = host.withCredential(PLAIN, 1, "first");
    assertConverges(declared);
    FieldValue value =
        Optional.ofNullable(observed().fields().get("authorization/1")).orElseThrow().value();
    assertThat(value).isInstanceOf(FieldValue.Sealed.class);
    assertThat(host.plan(host.withCredential(PLAIN, 1, "second")).changes()).hasSize(1);
    assertConverges(host.withCredential(PLAIN, 1, "second"));
    assertThat(host.plan(declared).isEmpty()).isFalse();
  }

  @Test
  void takesAForeignFileForAConflict() throws Exception {
    Files.createDirectories(file.getParent());
    for (String foreign : List.of("server = \"https://foreign.test\"\n", "server =")) {
      Files.writeString(file, foreign);
      assertThat(observed().holding()).isInstanceOf(Holding.Foreign.class);
      assertThat(host.plan(PLAIN).conflicts()).hasSize(1);
      assertThat(applied(PLAIN)).isEqualTo(FailureReason.Conflict);
      assertThat(file).hasContent(foreign);
    }
  }

  @Test
  void leavesWhatBelongsToAnotherEnvironment() throws Exception {
    assertConverges(PLAIN);
    String written = Files.readString(file);
    Outcome outcome =
        host.target().apply("staging", new Change.Prune(hosts("reg.test")), PLAIN.payloads());
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(file).hasContent(written);
  }

  @Test
  void waitsForTheCertificatesThatItNames() throws Exception {
    Declared named = declared(hosts("reg.test"), "endpoint/1=" + URL + " ca=" + CA);
    List<Outcome.Failed> failed = host.cycle(named);
    assertThat(failed).extracting(Outcome.Failed::reason).containsExactly(FailureReason.Unsafe);
    assertThat(failed.getFirst().detail()).contains("waits for " + CA);
    assertThat(file.getParent()).doesNotExist();
    Files.createDirectories(file.getParent());
    Files.writeString(file.resolveSibling("ca.crt"), "no certificate");
    assertThat(applied(named)).isEqualTo(FailureReason.Unsafe);
    Files.writeString(file.resolveSibling("ca.crt"), ca);
    assertConverges(named);
  }

  @Test
  void removesNoCertificateThatIsStillNamed() throws Exception {
    Declared certificate = TreeHost.withContent(certificate("reg.test", "ca.crt"), ca);
    assertConverges(
        all(
            certificate,
            declared(
                hosts("docker.io"), "endpoint/1=https://reg.test/v2/hub override-path ca=" + CA)));
    Outcome outcome =
        host.target()
            .apply(
                TreeHost.ENVIRONMENT,
                new Change.Prune(certificate("reg.test", "ca.crt")),
                certificate.payloads());
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(file.resolveSibling("ca.crt")).exists();
    assertConverges(Declared.nothing());
    assertThat(file.getParent()).doesNotExist();
  }

  // Beside a hosts.toml it would not be looked at.
  @Test
  void hidesNoForeignCertificate() throws Exception {
    for (String name : List.of("_default", "reg.test")) {
      Path foreign = Files.createDirectories(host.directory(name)).resolve("corp.crt");
      Files.writeString(foreign, ca);
      assertThat(applied(PLAIN)).isEqualTo(FailureReason.Unsafe);
      assertThat(file).doesNotExist();
      assertConverges(declared(hosts("reg.test"), "denied=present"));
      assertConverges(Declared.nothing());
      Files.delete(foreign);
      assertConverges(PLAIN);
      assertConverges(Declared.nothing());
    }
  }

  private void assertConverges(Declared declared) throws Exception {
    assertThat(host.cycle(declared)).isEmpty();
    assertThat(host.plan(declared).changes()).isEmpty();
  }

  /// Applies it as if nothing had been observed.
  private FailureReason applied(Declared declared) throws Exception {
    var change = new Change.Create(hosts("reg.test"), TreeHost.values(declared));
    Outcome outcome = host.target().apply(TreeHost.ENVIRONMENT, change, declared.payloads());
    return ((Outcome.Failed) outcome).reason();
  }

  private ObservedResource observed() throws Exception {
    return host.observe(hosts("reg.test")).orElseThrow();
  }

  private String mode() throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
