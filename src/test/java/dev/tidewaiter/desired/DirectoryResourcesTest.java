package dev.tidewaiter.desired;

import static dev.tidewaiter.desired.HostFixture.PLAIN;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.RegistryPolicy.Enforcement;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.testing.SampleRuntimes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// When a registry has a `hosts.toml`, and what is in it.
class DirectoryResourcesTest {
  private static final Map<String, String> DENIED = Map.of("denied", "present");

  private final HostFixture fixture = new HostFixture();

  @Test
  void certificateNeedsNoHostsFileWhereNothingIsDenied() {
    fixture.declareWithCa("quay", "quay.io");
    Compiled compiled = fixture.compile(SampleRuntimes.containerd(), SampleRuntimes.newDocker());

    assertThat(HostFixture.of(ResourceKind.CERTIFICATE_FILE, compiled))
        .containsOnlyKeys("quay.io/ca.crt");
    assertThat(hosts(compiled)).isEmpty();
    assertThat(compiled.hostGovernance()).isNull();
  }

  @Test
  void insecureRegistryIsAskedWithTlsFirst() {
    fixture.declare("lab", "lab.example:5000", HostFixture.INSECURE);

    assertThat(hosts(fixture.compile(SampleRuntimes.containerd())))
        .containsExactly(
            Map.entry(
                "lab.example:5000/hosts.toml",
                sorted(
                    Map.of(
                        "endpoint/1", "https://lab.example:5000 skip-verify",
                        "endpoint/2", "http://lab.example:5000"))));
    // Docker has it in its settings.
    assertThat(hosts(fixture.compile(SampleRuntimes.newDocker()))).isEmpty();
  }

  @Test
  void credentialGoesNowhereInPlainTextButToTheMachineItself() {
    fixture.declare("lab", "lab.example:5000", HostFixture.INSECURE);
    fixture.declare("local", "localhost:5000", HostFixture.INSECURE);
    fixture.declare("odd", "127.evil.example", HostFixture.INSECURE);
    fixture.node = true;
    SortedMap<String, SortedMap<String, String>> hosts =
        hosts(fixture.compile(SampleRuntimes.containerd()));

    assertThat(hosts.get("lab.example:5000/hosts.toml"))
        .containsOnlyKeys("authorization/1", "endpoint/1", "endpoint/2");
    assertThat(hosts.get("localhost:5000/hosts.toml"))
        .containsOnlyKeys("authorization/1", "authorization/2", "endpoint/1", "endpoint/2");
    assertThat(hosts.get("127.evil.example/hosts.toml")).doesNotContainKey("authorization/2");
  }

  @Test
  void mirrorsAreAskedBeforeDockerHubItself() {
    fixture.declare("hub", "index.docker.io", PLAIN, "m.example", "n.example:5000/hub");
    Map<String, String> asked =
        Map.of(
            "endpoint/1", "https://m.example",
            "endpoint/2", "https://n.example:5000/v2/hub override-path",
            "endpoint/3", "https://registry-1.docker.io");

    assertThat(hosts(fixture.compile(SampleRuntimes.containerd())))
        .containsExactly(Map.entry("docker.io/hosts.toml", sorted(asked)));
    assertThat(hosts(fixture.compile(SampleRuntimes.newDocker())))
        .containsExactly(Map.entry("docker.io/hosts.toml", sorted(asked)));
    assertThat(HostFixture.of(ResourceKind.REGISTRY_MIRRORS, fixture.compile(newDocker())))
        .isEmpty();
  }

  @Test
  void engineWithoutHostsFilesHasItsOwnMirrorsOfDockerHub() {
    fixture.declare("hub", "docker.io", PLAIN, "m.example", "n.example:5000/hub");
    fixture.declare("quay", "quay.io", PLAIN, "m.example");
    fixture.restrict("quay.io", "quay.io/hub");
    fixture.node = true;
    Compiled compiled = fixture.compile(SampleRuntimes.docker());

    assertThat(HostFixture.of(ResourceKind.REGISTRY_MIRRORS, compiled))
        .containsExactly(
            Map.entry(
                "etc/docker/daemon.json",
                sorted(Map.of("registry-mirrors/https://m.example", "present"))));
    assertThat(hosts(compiled)).isEmpty();
    assertThat(denial(compiled)).isEmpty();
  }

  @Test
  void credentialOfAMirrorIsItsOwnAndNeverThatOfTheRegistry() {
    fixture.declare("quay", "quay.io", PLAIN, "m.example", "acme.example/quay");
    fixture.declareWithCa("acme", "acme.example");
    fixture.node = true;
    Compiled compiled = fixture.compile(SampleRuntimes.containerd());

    assertThat(hosts(compiled).get("quay.io/hosts.toml"))
        .isEqualTo(
            Map.of(
                "authorization/2", "<sealed>",
                "authorization/3", "<sealed>",
                "endpoint/1", "https://m.example",
                "endpoint/2",
                    "https://acme.example/v2/quay override-path"
                        + " ca=/etc/containerd/certs.d/acme.example/ca.crt",
                "endpoint/3", "https://quay.io"));
    assertThat(password(compiled, "quay.io/hosts.toml", "authorization/2")).isEqualTo("p");
    assertThat(password(compiled, "quay.io/hosts.toml", "authorization/3"))
        .isEqualTo("password of quay");
  }

  @Test
  void emailIsNoPartOfAnAuthorization() {
    fixture.declare("quay", "quay.io", PLAIN);
    fixture.node = true;
    var credential = new Credential(Secret.of("u"), Secret.of("p"), "a@acme.example", null);
    fixture.fixture.material.put(
        "quay", new RegistryMaterial(new Minted.Ready(credential), null, null, null));
    Compiled compiled = fixture.compile(SampleRuntimes.containerd());

    assertThat(payload(compiled, "quay.io/hosts.toml", "authorization/1").email()).isNull();
  }

  @Test
  void underADenialEveryAdmittedRegistryHasAHostsFile() {
    fixture.declareWithCa("acme", "acme.example");
    fixture.declareWithCa("other", "other.example");
    fixture.declare("lab", "lab.example", PLAIN);
    fixture.restrict("acme.example/hub quay.io", "acme.example/hub");
    Compiled compiled = fixture.compile(SampleRuntimes.newDocker());
    String ca = " ca=/etc/docker/certs.d/acme.example/ca.crt";

    assertThat(hosts(compiled))
        .isEqualTo(
            Map.of(
                "acme.example/hosts.toml", Map.of("endpoint/1", "https://acme.example" + ca),
                "docker.io/hosts.toml",
                    Map.of("endpoint/1", "https://acme.example/v2/hub override-path" + ca),
                "quay.io/hosts.toml", Map.of("endpoint/1", "https://quay.io"),
                // Its certificate alone would be an exemption.
                "other.example/hosts.toml", DENIED));
    assertThat(denial(compiled))
        .containsExactly(
            Map.entry(
                "_default/hosts.toml",
                sorted(
                    Map.of(
                        "denied", "present",
                        "allowed/acme.example", "present",
                        "allowed/docker.io", "present",
                        "allowed/quay.io", "present"))));
    assertThat(requireNonNull(compiled.hostGovernance()).denying()).containsExactly("docker");
  }

  @Test
  void registryOfTheMachineItselfIsAskedAsRuntimesDo() {
    fixture.declareWithCa("tls", "localhost:5443");
    fixture.restrict("localhost:5000 127.0.0.1:5000 localhost:5443", null);

    assertThat(hosts(fixture.compile(SampleRuntimes.newDocker())))
        .isEqualTo(
            Map.of(
                "localhost:5000/hosts.toml",
                    Map.of(
                        "endpoint/1", "https://localhost:5000 skip-verify",
                        "endpoint/2", "http://localhost:5000"),
                "127.0.0.1:5000/hosts.toml",
                    Map.of(
                        "endpoint/1", "https://127.0.0.1:5000 skip-verify",
                        "endpoint/2", "http://127.0.0.1:5000"),
                "localhost:5443/hosts.toml",
                    Map.of(
                        "endpoint/1",
                        "https://localhost:5443 ca=/etc/docker/certs.d/localhost:5443/ca.crt")));
  }

  @Test
  void inactiveRegistryIsNotAdmittedWhateverTheListSays() {
    fixture.declareInactive("old", "old.example");
    fixture.restrict("old.example quay.io", null);
    Compiled compiled = fixture.compile(SampleRuntimes.containerd());

    assertThat(hosts(compiled)).containsOnlyKeys("quay.io/hosts.toml");
  }

  @Test
  void whatWarnsOrWasRolledBackDeniesNothing() {
    fixture.declareWithCa("acme", "acme.example");
    fixture.restrict("acme.example", "acme.example", Enforcement.WARN, LibraryPrefix.KEEP);
    Compiled warned = fixture.compile(SampleRuntimes.containerd());
    assertThat(denial(warned)).isEmpty();
    assertThat(hosts(warned)).containsOnlyKeys("docker.io/hosts.toml");

    fixture.restrict("acme.example", null);
    String declared = id(fixture.compile(SampleRuntimes.containerd()));
    fixture.fixture.enforcing = Enforcing.rolledBack(Set.of());
    Compiled back = fixture.compile(SampleRuntimes.containerd());
    assertThat(denial(back)).isEmpty();
    assertThat(requireNonNull(back.hostGovernance()).denying()).isEmpty();
    // What failed is remembered by it.
    assertThat(id(back)).isEqualTo(declared);
  }

  @Test
  void whatWasRolledBackInOneRuntimeIsStillDeniedByAnother() {
    fixture.restrict("quay.io", null);
    fixture.fixture.enforcing = Enforcing.rolledBack(Set.of("docker"));
    Compiled compiled = fixture.compile(SampleRuntimes.newDocker(), SampleRuntimes.containerd());

    assertThat(compiled.resources())
        .filteredOn(resource -> resource.id().kind() == ResourceKind.DENIAL)
        .extracting(resource -> resource.id().scope())
        .containsExactly("containerd");
    assertThat(requireNonNull(compiled.hostGovernance()).denying()).containsExactly("containerd");
  }

  @Test
  void nothingOfAHostsFileIsKnownWhileACertificateIsNot() {
    fixture.declareWithCa("acme", "acme.example");
    fixture.fixture.material.put(
        "acme",
        new RegistryMaterial(
            Fixture.ready("p"), new RegistryMaterial.Text.Withheld("sealed"), null, null));
    fixture.declare("quay", "quay.io", PLAIN, "acme.example");
    fixture.node = true;
    Compiled compiled = fixture.compile(SampleRuntimes.containerd());

    assertThat(requireNonNull(hosts(compiled).get("quay.io/hosts.toml")).values())
        .hasSize(4)
        .containsOnly("withheld: sealed");
  }

  @Test
  void credentialThatIsNotKnownIsWithheldAlone() {
    fixture.declare("quay", "quay.io", PLAIN);
    fixture.fixture.material.put("quay", Fixture.withheld("denied by Vault"));
    fixture.node = true;

    assertThat(hosts(fixture.compile(SampleRuntimes.containerd())).get("quay.io/hosts.toml"))
        .isEqualTo(
            Map.of(
                "authorization/1", "withheld: denied by Vault", "endpoint/1", "https://quay.io"));
  }

  @Test
  void containerdThatLooksForNoDirectoryGetsNothing() {
    fixture.declareWithCa("acme", "acme.example");
    fixture.restrict("acme.example", null);
    var lacks = SampleRuntimes.lacking(Capability.values());
    var nowhere = new RuntimeFacts("containerd", List.of("containerd"), "1.6.20", "", lacks);

    assertThat(fixture.compile(nowhere).resources()).isEmpty();
    // Once it may be told where to look, that is all until it was started again.
    var soon =
        new RuntimeFacts(
            "containerd", List.of("containerd"), "1.6.20", "etc/containerd/certs.d", lacks);
    assertThat(fixture.compile(soon).resources())
        .singleElement()
        .satisfies(
            settings ->
                assertThat(settings.id())
                    .isEqualTo(
                        new ResourceId(
                            ResourceKind.RUNTIME_SETTINGS,
                            "containerd",
                            "etc/containerd/config.toml")));
  }

  private static RuntimeFacts newDocker() {
    return SampleRuntimes.newDocker();
  }

  private static SortedMap<String, SortedMap<String, String>> hosts(Compiled compiled) {
    return HostFixture.of(ResourceKind.REGISTRY_HOST, compiled);
  }

  private static SortedMap<String, SortedMap<String, String>> denial(Compiled compiled) {
    return HostFixture.of(ResourceKind.DENIAL, compiled);
  }

  private static String id(Compiled compiled) {
    return requireNonNull(compiled.hostGovernance()).id();
  }

  private static String password(Compiled compiled, String file, String field) {
    return payload(compiled, file, field).password().reveal();
  }

  private static Credential payload(Compiled compiled, String file, String field) {
    var id =
        new ResourceId(ResourceKind.REGISTRY_HOST, "containerd", "etc/containerd/certs.d/" + file);
    return ((Payload.Auth) requireNonNull(compiled.payloads().find(id, field))).credential();
  }

  private static SortedMap<String, String> sorted(Map<String, String> fields) {
    return new TreeMap<>(fields);
  }
}
