package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// A private CA, that is rotated, and a client certificate, without `hosts.toml`: every engine.
record CertificateScenario(IsolatedDocker host, DockerdServer engine) {
  private static final String REGISTRY = "reg.test:5443";
  private static final String IMAGE = REGISTRY + "/demo/hello";
  private static final ResourceId CA = file("ca.crt");

  void run() throws Exception {
    Path directory = Files.createDirectories(host.directory().resolve("certificates"));
    TestCertificates first = TestCertificates.create(Files.createDirectory(directory.resolve("1")));
    TestCertificates next = TestCertificates.create(Files.createDirectory(directory.resolve("2")));
    RegistryServer.store(directory, "demo/hello", "1");
    Map<Path, String> before = IsolatedDocker.tree();
    try (RegistryServer _ = RegistryServer.start(directory, options(first))) {
      assertThat(engine.pulls(IMAGE, "1")).as("before").isFalse();
      host.applied(create(CA, "0644"), text(first.ca()));
      assertThat(engine.pulls(IMAGE, "1")).as(engine.log()).isTrue();
    }
    var replaced = new FieldChange.Replaced(plain("the first CA"), plain("the next CA"));
    var rotation = new Change.Update(CA, new TreeMap<>(Map.of("content", replaced)), false);
    try (RegistryServer _ = RegistryServer.start(directory, options(next))) {
      assertThat(engine.pulls(IMAGE, "1")).as("not rotated").isFalse();
      host.applied(rotation, text(next.ca()));
      assertThat(engine.pulls(IMAGE, "1")).as(engine.log()).isTrue();
    }
    Matrix.tested("docker", host.facts().version(), Capability.CA);
    try (RegistryServer _ = RegistryServer.start(directory, askingForClients(next))) {
      showsItsCertificate(next);
      host.applied(new Change.Prune(CA));
      assertThat(engine.pulls(IMAGE, "1")).as("after").isFalse();
    }
    assertThat(IsolatedDocker.tree()).isEqualTo(before);
  }

  private void showsItsCertificate(TestCertificates authority) throws IOException {
    assertThat(engine.pulls(IMAGE, "1")).as("without a client certificate").isFalse();
    TestCertificates.Issued client = authority.client("puller");
    Compiled.Payloads payloads =
        (id, _) ->
            new Payload.Text(
                Secret.of(read(id.name().endsWith(".key") ? client.key() : client.certificate())));
    host.applied(create(file("client.cert"), "0644"), payloads);
    assertThat(engine.pulls(IMAGE, "1")).as(engine.log()).isTrue();
    Matrix.tested("docker", host.facts().version(), Capability.CLIENT_CERTIFICATE);
    host.applied(new Change.Prune(file("client.cert")));
    assertThat(engine.pulls(IMAGE, "1")).as("certificate withdrawn").isFalse();
  }

  static RegistryServer.Options options(TestCertificates authority) {
    TestCertificates.Issued issued = authority.server("reg.test", "mirror.test", "inactive.test");
    return RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5443)
        .withTls(issued.certificate(), issued.key());
  }

  private static RegistryServer.Options askingForClients(TestCertificates authority) {
    RegistryServer.Options options = options(authority);
    String tls = options.tls() + "    clientcas: [%s]\n".formatted(authority.ca());
    return new RegistryServer.Options(options.host(), options.port(), tls, "");
  }

  private static ResourceId file(String name) {
    return new ResourceId(
        ResourceKind.CERTIFICATE_FILE, "docker", "etc/docker/certs.d/" + REGISTRY + "/" + name);
  }

  private static Change create(ResourceId id, String mode) {
    return new Change.Create(
        id, new TreeMap<>(Map.of("content", plain("as compiled"), "mode", plain(mode))));
  }

  private static FieldValue plain(String text) {
    return new FieldValue.Plain(text);
  }

  private static Compiled.Payloads text(Path file) {
    return (_, _) -> new Payload.Text(Secret.of(read(file)));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
