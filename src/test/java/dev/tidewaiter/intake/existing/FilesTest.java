package dev.tidewaiter.intake.existing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.Canary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of container runtimes, and what is read of them.
class FilesTest {
  private final Canary canary = new Canary("files");

  @TempDir private Path directory;

  private TestCertificates authority;
  private TestCertificates.Issued client;

  @BeforeEach
  void makeCertificates() {
    authority = TestCertificates.create(directory.resolve("authority"));
    client = authority.client("puller");
  }

  @Test
  void aDockerConfigHasLoginsAndNamesItsHelpers() throws IOException, UnreadableException {
    Path file =
        write(
            "config.json",
            """
            {"auths": {"https://index.docker.io/v1/": {"auth": "bWU6eA=="}, "ghcr.io": {}},
             "credHelpers": {"gcr.io": "gcloud"}, "credsStore": "desktop",
             "HttpHeaders": {"X": "must not be read"}}
            """);
    List<Found> found = DockerFiles.config(file);
    assertThat(found.getFirst()).isInstanceOf(Found.Login.class);
    assertThat(left(found)).containsExactly("ghcr.io", "gcr.io", "`credsStore`");
  }

  @Test
  void aDaemonFileHasInsecureRegistries() throws IOException, UnreadableException {
    Path file =
        write(
            "daemon.json",
            """
            {"insecure-registries": ["lab.acme.example:5000", "10.0.0.0/8"],
             "registry-mirrors": ["https://me:%s@mirror.acme.example"], "debug": true}
            """
                .formatted("canary-files-"));
    List<Found> found = DockerFiles.daemon(file);
    assertThat(found.getFirst())
        .isEqualTo(
            new Found.Trust(
                Origin.ofFile(file),
                new RegistryAddress("lab.acme.example:5000"),
                new TlsDraft("", null, true)));
    assertThat(left(found)).containsExactly("10.0.0.0/8", "docker.io");
    assertThat(found.toString()).contains("mirror.acme.example");
    canary.assertAbsentFrom(found.toString(), "what was found");
  }

  @Test
  void anEntryThatIsNoTextNamesNoRegistry() throws IOException, UnreadableException {
    Path file = write("daemon.json", "{\"insecure-registries\": [5]}");
    assertThat(left(DockerFiles.daemon(file))).containsExactly("`insecure-registries`");
  }

  @Test
  void hostsTomlHasTheRegistrysOwnCertificatesAndNotItsMirrors()
      throws IOException, UnreadableException {
    Path certs = directory.resolve("certs.d");
    Files.createDirectories(certs.resolve("registry.acme.example_5000_"));
    Files.copy(authority.ca(), certs.resolve("registry.acme.example_5000_/own.pem"));
    write(
        "certs.d/registry.acme.example_5000_/hosts.toml",
        """
        server = "https://registry.acme.example:5000"
        ca = "own.pem"
        [host."https://registry.acme.example:5000"]
          client = [["%s", "%s"]]
        [host."http://mirror.acme.example"]
          capabilities = ["pull", "resolve"]
          skip_verify = true
          [host."http://mirror.acme.example".header]
            Authorization = "Basic canary-files-"
        """
            .formatted(client.certificate(), client.key()));
    List<Found> found = CertsDirectory.read(certs);
    TlsDraft tls = trust(found);
    assertThat(tls.ca()).isEqualTo(Files.readString(authority.ca()));
    assertThat(tls.insecure()).as("the mirror's alone").isFalse();
    TlsDraft.Client pair = tls.client();
    assertThat(pair).isNotNull();
    if (pair != null) {
      assertThat(pair.certificates()).isEqualTo(Files.readString(client.certificate()));
      assertThat(pair.key().reveal()).isEqualTo(Files.readString(client.key()));
    }
    assertThat(found.toString()).contains("http://mirror.acme.example", "headers");
    canary.assertAbsentFrom(found.toString(), "what was found");
  }

  @Test
  void mirrorsThatNeedNothingElseBecomeDeclarations() throws IOException, UnreadableException {
    Files.createDirectories(directory.resolve("certs.d/quay.io"));
    write(
        "certs.d/quay.io/hosts.toml",
        """
        server = "https://quay.io"
        [host."https://first.example:5000"]
        [host."https://second.example/v2/quay"]
          override_path = true
        [host."https://third.example/v2/not-overridden"]
        [host."https://fourth.example"]
          skip_verify = true
        """);
    List<Found> found = CertsDirectory.read(directory.resolve("certs.d"));
    assertThat(mirrors(found))
        .containsExactly("quay.io first.example:5000", "quay.io second.example/quay");
    assertThat(left(found)).containsExactly("quay.io", "quay.io");

    Path daemon =
        write(
            "daemon.json",
            """
            {"registry-mirrors": ["https://m.example/", "https://m.example/hub", "http://n.example"]}
            """);
    List<Found> hub = DockerFiles.daemon(daemon);
    assertThat(mirrors(hub)).containsExactly("docker.io m.example");
    assertThat(left(hub)).hasSize(2);
    assertThat(Drafting.of(hub, new Drafting.Terms("secret/x", "all")).registries())
        .singleElement()
        .satisfies(registry -> assertThat(registry.mirrors()).containsExactly("m.example"));
  }

  private static List<String> mirrors(List<Found> found) {
    return found.stream()
        .filter(Found.Mirror.class::isInstance)
        .map(Found.Mirror.class::cast)
        .map(mirror -> mirror.address() + " " + mirror.mirror())
        .toList();
  }

  @Test
  void hostsTomlSaysThatARegistryIsInsecure() throws IOException, UnreadableException {
    Files.createDirectories(directory.resolve("certs.d/plain.acme.example"));
    Files.createDirectories(directory.resolve("certs.d/any.acme.example"));
    Files.createDirectories(directory.resolve("certs.d/docker.io"));
    Files.createDirectories(directory.resolve("certs.d/_default"));
    write("certs.d/plain.acme.example/hosts.toml", "server = \"http://plain.acme.example\"\n");
    write("certs.d/any.acme.example/hosts.toml", "skip_verify = true\n");
    write("certs.d/docker.io/hosts.toml", "server = \"https://registry-1.docker.io\"\n");
    List<Found> found = CertsDirectory.read(directory.resolve("certs.d"));
    assertThat(found).hasSize(3);
    assertThat(left(found)).containsExactly("_default");
    assertThat(found.subList(1, 3))
        .allMatch(one -> one instanceof Found.Trust t && t.tls().insecure());
  }

  @Test
  void aDirectoryOfDockerHasCertificatesAlone() throws IOException, UnreadableException {
    Path host = Files.createDirectories(directory.resolve("certs.d/registry.acme.example:5000"));
    Files.copy(authority.ca(), host.resolve("ca.crt"));
    Files.copy(client.certificate(), host.resolve("client.cert"));
    Files.copy(client.key(), host.resolve("client.key"));
    TlsDraft tls = trust(CertsDirectory.read(directory.resolve("certs.d")));
    assertThat(tls.ca()).isEqualTo(Files.readString(authority.ca()));
    assertThat(tls.client()).isNotNull();
  }

  @Test
  void aKeyBesideCertificatesDoesNotComeAlong() throws IOException, UnreadableException {
    Files.createDirectories(directory.resolve("certs.d/registry.acme.example"));
    String key = Files.readString(client.key());
    write("certs.d/registry.acme.example/ca.crt", key + Files.readString(authority.ca()));
    write("certs.d/registry.acme.example/hosts.toml", "ca = \"ca.crt\"\nclient = \"both.pem\"\n");
    write("certs.d/registry.acme.example/both.pem", Files.readString(client.certificate()) + key);
    TlsDraft tls = trust(CertsDirectory.read(directory.resolve("certs.d")));
    assertThat(tls.ca()).isEqualTo(Files.readString(authority.ca()));
    TlsDraft.Client pair = tls.client();
    assertThat(pair == null ? "" : pair.certificates() + pair.key().reveal())
        .isEqualTo(Files.readString(client.certificate()) + key);
  }

  @Test
  void registriesYamlHasCredentialsCertificatesAndMirrors()
      throws IOException, UnreadableException {
    Path file =
        write(
            "registries.yaml",
            """
            mirrors:
              docker.io: {endpoint: ["https://mirror.acme.example"], rewrite: {"^x": "y"}}
              "lab.acme.example:5000": {endpoint: ["http://lab.acme.example:5000"]}
              quay.io: {endpoint: ["https://mirror.acme.example/v2/quay", "https://quay.io"]}
              "*": {endpoint: ["https://all.acme.example"]}
            configs:
              "registry.acme.example:5000":
                auth: {username: me, password: x}
                tls: {ca_file: %s, cert_file: %s, key_file: %s, insecure_skip_verify: false}
              ghcr.io: {auth: {identity_token: must-not-be-told}}
            """
                .formatted(authority.ca(), client.certificate(), client.key()));
    List<Found> found = RegistriesFile.read(file);
    assertThat(found)
        .filteredOn(Found.Trust.class::isInstance)
        .extracting(one -> ((Found.Trust) one).address().text())
        .containsExactly("registry.acme.example:5000", "lab.acme.example:5000");
    assertThat(left(found)).containsExactly("ghcr.io", "docker.io", "docker.io", "*");
    assertThat(mirrors(found)).containsExactly("quay.io mirror.acme.example/quay");
    assertThat(found.toString()).doesNotContain("must-not-be-told");
  }

  @Test
  void whatCannotBeReadEndsItWithoutQuotingIt() throws IOException {
    String secret = "canary-files-";
    Path broken = write("broken", "{ \"auths\": " + secret);
    Path yaml = write("broken.yaml", "configs: {a: {auth: {password: " + secret + "\n");
    Path missing = write("registries.yaml", "configs: {quay.io: {tls: {ca_file: nowhere.pem}}}\n");
    Files.createDirectories(directory.resolve("certs.d/quay.io"));
    write("certs.d/quay.io/hosts.toml", "ca = " + secret + "\n");
    assertUnreadable(() -> DockerFiles.config(broken), broken);
    assertUnreadable(() -> DockerFiles.config(directory.resolve("absent")), directory);
    assertUnreadable(() -> DockerFiles.daemon(broken), broken);
    assertUnreadable(() -> RegistriesFile.read(yaml), yaml);
    assertUnreadable(() -> RegistriesFile.read(missing), directory.resolve("nowhere.pem"));
    assertUnreadable(() -> CertsDirectory.read(directory.resolve("certs.d")), directory);
  }

  private void assertUnreadable(ThrowingCallable reading, Path place) {
    assertThatThrownBy(reading)
        .isInstanceOf(UnreadableException.class)
        .hasMessageStartingWith(place.toString())
        .satisfies(e -> canary.assertAbsentFrom(String.valueOf(e.getMessage()), "the message"))
        .hasNoCause();
  }

  private static TlsDraft trust(List<Found> found) {
    return found.stream()
        .filter(Found.Trust.class::isInstance)
        .map(one -> ((Found.Trust) one).tls())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> left(List<Found> found) {
    return found.stream()
        .filter(Found.Left.class::isInstance)
        .map(one -> ((Found.Left) one).what())
        .toList();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
