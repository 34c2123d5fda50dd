package dev.tidewaiter.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Environment.Hosts;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Known;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.testing.SampleRuntimes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostResourcesTest {
  private static final String DIRECTORY = "etc/docker/certs.d/acme.example:5000/";
  // `printf 'PEM of the CA' | sha256sum`
  private static final String CA_DIGEST =
      "8270f824e94a5e38954bd2d1bf64a67d4017f87386e144adcd0aca150540c29a";

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void selectWorkers() {
    fixture.hosts = new Hosts(Map.of("role", "worker"), List.of("docker"), List.of("root", "gone"));
  }

  @Test
  void withholdsFromAUserWhoIsNotFoundRatherThanWithdraw() {
    declare(new Registry.Tls(null, null, false), null, null, null);
    Resource gone =
        fixture.compile(host()).resources().stream()
            .filter(resource -> resource.id().name().equals("gone"))
            .findAny()
            .orElseThrow();

    assertThat(gone.fields()).hasSize(3);
    assertThat(gone.fields().values())
        .containsOnly(new DesiredField.Withheld("user `gone` is not found on this host"));
  }

  @Test
  void writesCertificatesInsecureMarksAndCredentials() {
    declare(
        new Registry.Tls(null, null, true), known("PEM of the CA"), known("cert"), known("key"));
    Compiled compiled = fixture.compile(host());

    assertThat(compiled.resources().stream().map(Resource::id))
        .containsExactly(
            file("ca.crt"),
            file("client.cert"),
            file("client.key"),
            id(ResourceKind.INSECURE_REGISTRIES, "etc/docker/daemon.json"),
            id(ResourceKind.USER_CREDENTIALS, "gone"),
            id(ResourceKind.USER_CREDENTIALS, "root"));
    assertThat(field(compiled, file("ca.crt"), "content")).isEqualTo(plain("sha256:" + CA_DIGEST));
    assertThat(field(compiled, file("ca.crt"), "mode")).isEqualTo(plain("0644"));
    assertThat(field(compiled, file("client.key"), "mode")).isEqualTo(plain("0600"));
    assertThat(field(compiled, file("client.key"), "content"))
        .isInstanceOfSatisfying(
            Known.class, known -> assertThat(known.value()).isInstanceOf(FieldValue.Sealed.class));
    assertThat(compiled.resources().get(3).fields())
        .containsOnlyKeys("insecure-registries/acme.example:5000");
    assertThat(compiled.resources().get(5).fields())
        .containsOnlyKeys(
            "auths/acme.example:5000", "auths/https://index.docker.io/v1/", "auths/quay.io");
    assertThat(compiled.payloads().find(file("client.key"), "content"))
        .isEqualTo(new Payload.Text(Secret.of("key")));
    assertThat(compiled.payloads().find(file("client.key"), "mode")).isNull();
  }

  @Test
  void leavesAloneWhatIsOnAHostWhoseRuntimeIsGone() {
    Compiled gone = fixture.compile(host(Map.of("role", "worker"), List.of()));
    assertThat(gone.resources()).isEmpty();
    assertThat(gone.leftAlone()).containsExactly("docker");
    Compiled relabelled =
        fixture.compile(host(Map.of("role", "database"), List.of(SampleRuntimes.docker())));
    assertThat(relabelled.resources()).isEmpty();
    assertThat(relabelled.leftAlone()).isEmpty();
  }

  @Test
  void leavesAloneWhatIsOfARuntimeThatIsGoneFromASharedScope() {
    fixture.hosts = new Hosts(Map.of("role", "worker"), List.of("crio"), List.of());
    var podman =
        new RuntimeFacts("containers", List.of("podman"), "", "etc/containers/certs.d", Map.of());
    Compiled gone = fixture.compile(host(Map.of("role", "worker"), List.of(podman)));
    assertThat(gone.resources()).isEmpty();
    assertThat(gone.leftAlone()).containsExactly("containers");
    fixture.hosts = new Hosts(Map.of("role", "worker"), List.of("crio", "podman"), List.of());
    assertThat(fixture.compile(host(Map.of("role", "worker"), List.of(podman))).leftAlone())
        .isEmpty();
  }

  @Test
  void withholdsTheModeWithTheContent() {
    declare(
        new Registry.Tls(null, null, false), withheld("vault:secret/ca#pem is absent"), null, null);
    assertThat(fixture.compile(host()).resources().getFirst().isKnown()).isFalse();
  }

  @Test
  void withholdsCertificateAndKeyTogether() {
    declare(new Registry.Tls(null, null, false), null, known("cert"), withheld("key is denied"));
    Compiled compiled = fixture.compile(host());
    assertThat(field(compiled, file("client.cert"), "content"))
        .isEqualTo(new DesiredField.Withheld("key is denied"));
    assertThat(field(compiled, file("client.key"), "content"))
        .isEqualTo(new DesiredField.Withheld("key is denied"));
  }

  @Test
  void dockerHubsDirectoryIsTheHostInImageNames() {
    fixture.material.put("hub", new RegistryMaterial(Fixture.ready("p"), known("PEM"), null, null));
    assertThat(fixture.compile(host()).resources().getFirst().id().name())
        .isEqualTo("etc/docker/certs.d/docker.io/ca.crt");
  }

  @Test
  void touchesNoHostThatItDoesNotSelect() {
    assertThat(
            fixture
                .compile(host(Map.of("role", "builder"), List.of(SampleRuntimes.docker())))
                .resources())
        .isEmpty();
    assertThat(
            fixture
                .compile(host(Map.of("role", "worker"), List.of(SampleRuntimes.containers())))
                .resources())
        .isEmpty();
    fixture.hosts = null;
    assertThat(fixture.compile(host()).resources()).isEmpty();
  }

  @Test
  void hostBelongsToTheEnvironmentThatAloneHoldsIt() {
    fixture.declareRival("staging");
    Compiled contested = fixture.compile(host());
    assertThat(contested.resources()).isEmpty();
    assertThat(contested.contestedScopes()).isEqualTo(Map.of("docker", "production, staging"));
    assertThat(contested.leftAlone()).containsExactly("docker");

    assertThat(fixture.compile(ownedHost("staging")).contestedScopes())
        .isEqualTo(Map.of("docker", "staging"));
    assertThat(fixture.compile(ownedHost("production")).resources()).isNotEmpty();
  }

  @Test
  void hostIsKeptByItsHolderWhoseRuntimeCannotBeTold() {
    Hosts own = fixture.hosts;
    fixture.hosts =
        new Hosts(
            Map.of("role", "worker"),
            List.of("containerd"),
            List.of(),
            false,
            false,
            Environment.Unsupported.REJECT);
    fixture.declareRival("staging");
    fixture.hosts = own;
    var host =
        new Surroundings.Host(
            Map.of("role", "worker"),
            List.of(SampleRuntimes.docker()),
            Map.of(),
            List.of("staging"),
            new TreeMap<>(Map.of("containerd", "it does not answer")));
    Compiled compiled = fixture.compile(host);
    assertThat(compiled.contestedScopes()).isEqualTo(Map.of("docker", "staging"));
    assertThat(compiled.resources()).isEmpty();
  }

  private void declare(
      Registry.Tls tls,
      RegistryMaterial.@Nullable Text ca,
      RegistryMaterial.@Nullable Text cert,
      RegistryMaterial.@Nullable Text key) {
    fixture.declare("acme", "acme.example:5000", Registry.State.ACTIVE, tls);
    fixture.material.put("acme", new RegistryMaterial(Fixture.ready("p"), ca, cert, key));
  }

  private static DesiredField field(Compiled compiled, ResourceId id, String name) {
    DesiredField field =
        compiled.resources().stream()
            .filter(resource -> resource.id().equals(id))
            .findFirst()
            .orElseThrow()
            .fields()
            .get(name);
    if (field == null) {
      throw new AssertionError("no field " + name + " in " + id);
    }
    return field;
  }

  private static DesiredField plain(String text) {
    return new Known(new FieldValue.Plain(text), DesiredField.Origin.DECLARED);
  }

  private static RegistryMaterial.Text known(String text) {
    return new RegistryMaterial.Text.Known(Secret.of(text));
  }

  private static RegistryMaterial.Text withheld(String reason) {
    return new RegistryMaterial.Text.Withheld(reason);
  }

  private static ResourceId file(String name) {
    return id(ResourceKind.CERTIFICATE_FILE, DIRECTORY + name);
  }

  private static ResourceId id(ResourceKind kind, String name) {
    return new ResourceId(kind, "docker", name);
  }

  private static Surroundings.Host host() {
    return host(Map.of("role", "worker", "zone", "a"), List.of(SampleRuntimes.docker()));
  }

  private static Surroundings.Host host(Map<String, String> labels, List<RuntimeFacts> runtimes) {
    return new Surroundings.Host(labels, runtimes, Map.of("root", "/root"), List.of());
  }

  private static Surroundings.Host ownedHost(String owner) {
    return new Surroundings.Host(
        Map.of("role", "worker"),
        List.of(SampleRuntimes.docker()),
        Map.of("root", "/root"),
        List.of(owner));
  }
}
