package dev.tidewaiter.target.host.certsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.CrashingFiles;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A client certificate and its key, which are of use only together.
class ClientPairTest {
  private static final ResourceId CERTIFICATE = TreeHost.certificate("quay.test", "client.cert");
  private static final ResourceId KEY = TreeHost.certificate("quay.test", "client.key");
  private static final HostPath PATH = new HostPath(CERTIFICATE.name());

  @TempDir private Path directory;
  private TreeHost host;

  @BeforeEach
  void createHost() throws IOException {
    host = TreeHost.create(directory);
    Certificates _ = Certificates.create(directory, "192.0.2.1");
    Certificates.client(directory, "first", "ec");
    Certificates.client(directory, "second", "ec");
  }

  @ParameterizedTest
  @CsvSource({"ec, BEGIN EC PRIVATE", "rsa:2048, BEGIN RSA PRIVATE"})
  void takesEveryFormThatDockerdReads(String algorithm, String traditionalForm) {
    Certificates.client(directory, "other", algorithm);
    Certificates.traditional(file("other.key"), file("other.old"));
    assertThat(file("other.old")).content().contains(traditionalForm);
    assertPair("other.cert", "other.old");
    assertPair("other.cert", "other.key");
    assertNoPair("first.cert", "other.key");
    assertNoPair("other.cert", "first.key");
  }

  @Test
  void takesAnEdwardsCurve() {
    Certificates.client(directory, "other", "ed25519");
    assertPair("other.cert", "other.key");
    assertNoPair("other.cert", "first.key");
  }

  @Test
  void refusesAKeyThatIsOfAnotherCertificateOrEncrypted() {
    Certificates.encrypted(file("first.key"), file("encrypted.key"));
    assertNoPair("first.cert", "second.key");
    assertNoPair("first.cert", "encrypted.key");
    assertNoPair("first.cert", "first.cert");
  }

  @Test
  void writesAndRemovesBothWithTheFirstChangeOfEither() throws Exception {
    Map<String, String> before = host.tree();
    assertThat(apply(TreeHost.writes(CERTIFICATE, "content"), pair("first"))).isEqualTo(applied());
    assertHeld("first");
    assertThat(Files.getPosixFilePermissions(place(KEY))).hasSize(2);
    Map<String, String> written = host.tree();
    assertThat(apply(TreeHost.writes(KEY, "content"), pair("first"))).isEqualTo(applied());
    assertThat(host.tree()).isEqualTo(written);
    assertThat(apply(new Change.Prune(KEY), (_, _) -> null)).isEqualTo(applied());
    assertThat(host.tree()).isEqualTo(before);
    assertThat(apply(new Change.Prune(CERTIFICATE), (_, _) -> null))
        .isInstanceOf(Outcome.Unchanged.class);
  }

  @Test
  void keepsThePairInForceWhereTheNewOneDoesNotMatch() throws Exception {
    assertThat(apply(TreeHost.writes(CERTIFICATE, "content"), pair("first"))).isEqualTo(applied());
    Map<String, String> before = host.tree();
    Compiled.Payloads mixed =
        (id, field) -> pair(id.equals(KEY) ? "first" : "second").find(id, field);
    for (ResourceId id : List.of(CERTIFICATE, KEY)) {
      Outcome outcome = apply(TreeHost.writes(id, "content"), mixed);
      assertThat(outcome).isInstanceOf(Outcome.Failed.class);
      assertThat(((Outcome.Failed) outcome).reason()).isEqualTo(FailureReason.Rejected);
      assertThat(host.tree()).isEqualTo(before);
    }
  }

  @Test
  void writesNoCertificateBesideAForeignKeyOfAnother() throws Exception {
    Files.createDirectories(place(KEY).getParent());
    Files.copy(file("second.key"), place(KEY));
    Map<String, String> before = host.tree();
    assertThat(apply(TreeHost.writes(CERTIFICATE, "content"), pair("first")))
        .isInstanceOf(Outcome.Failed.class);
    assertThat(host.tree()).isEqualTo(before);
  }

  // The one moment is that between the two renames: see CertificateFiles.
  @Test
  void isMixedAtNoMoreThanOneStepOfARotation() throws Exception {
    var mixed = new ArrayList<Integer>();
    for (int steps = 0; ; steps++) {
      assertThat(apply(TreeHost.writes(CERTIFICATE, "content"), pair("first")))
          .isEqualTo(applied());
      boolean crashed = crashes(steps);
      if (!isPair(place(CERTIFICATE), place(KEY))) {
        mixed.add(steps);
      }
      assertThat(apply(TreeHost.writes(KEY, "content"), pair("second"))).isEqualTo(applied());
      assertHeld("second");
      if (!crashed) {
        break;
      }
    }
    assertThat(mixed).hasSize(1);
  }

  private boolean crashes(int steps) throws IOException {
    try {
      Outcome outcome =
          host.target(steps)
              .apply(TreeHost.ENVIRONMENT, TreeHost.writes(CERTIFICATE, "content"), pair("second"));
      assertThat(outcome).isEqualTo(applied());
      return false;
    } catch (CrashingFiles.Crash _) {
      return true;
    }
  }

  private void assertHeld(String name) {
    assertThat(place(CERTIFICATE)).hasSameTextualContentAs(file(name + ".cert"));
    assertThat(place(KEY)).hasSameTextualContentAs(file(name + ".key"));
  }

  private void assertPair(String certificate, String key) {
    assertThatCode(() -> ClientPair.require(PATH, content(file(certificate)), content(file(key))))
        .doesNotThrowAnyException();
  }

  private void assertNoPair(String certificate, String key) {
    assertThatThrownBy(
            () -> ClientPair.require(PATH, content(file(certificate)), content(file(key))))
        .isInstanceOf(HostFileException.class);
  }

  private static boolean isPair(Path certificate, Path key) {
    try {
      ClientPair.require(PATH, content(certificate), content(key));
      return true;
    } catch (HostFileException _) {
      return false;
    }
  }

  private Compiled.Payloads pair(String name) {
    return (id, _) -> {
      try {
        String ending = id.equals(KEY) ? ".key" : ".cert";
        return new Payload.Text(Secret.of(Files.readString(file(name + ending))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private Outcome apply(Change change, Compiled.Payloads payloads) throws IOException {
    return host.target().apply(TreeHost.ENVIRONMENT, change, payloads);
  }

  private static Outcome applied() {
    return new Outcome.Applied();
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private Path place(ResourceId id) {
    return host.root().resolve(id.name());
  }

  private static FileContent content(Path file) {
    try {
      return FileContent.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
