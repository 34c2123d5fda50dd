package dev.tidewaiter.desired;

import static dev.tidewaiter.desired.HostFixture.PLAIN;
import static dev.tidewaiter.desired.HostFixture.lacks;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.RegistryPolicy.Enforcement;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.testing.SampleRuntimes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is told of runtimes that lack what is declared; and nothing of what is not declared.
class HostLacksTest {
  private final HostFixture fixture = new HostFixture();

  @Test
  void saysNothingOfWhatIsNotDeclared() {
    fixture.declare("quay", "quay.io", PLAIN);

    Compiled compiled = fixture.compile(SampleRuntimes.docker(), SampleRuntimes.kubelet());

    assertThat(compiled.hostGovernance()).isNull();
  }

  @Test
  void tellsEachLackWithItsReason() {
    fixture.restrict("quay.io", "quay.io/hub");
    fixture.unsupported = Environment.Unsupported.ACCEPT;

    Compiled compiled = fixture.compile(SampleRuntimes.docker());

    assertThat(lacks(compiled))
        .containsExactly(
            "docker 20.10.24 cannot enforce the allow-list: this sample cannot do the allow-list",
            "docker 20.10.24 cannot enforce the default registry: this sample cannot do the default"
                + " registry");
    HostGovernance governance = requireNonNull(compiled.hostGovernance());
    assertThat(governance.denying()).isEmpty();
    assertThat(governance.accepted()).isTrue();
  }

  @Test
  void tellsAllThatIsLackingForOneReasonAtOnce() {
    fixture.declareWithCa("acme", "acme.example");
    fixture.declare("lab", "lab.example", HostFixture.INSECURE, "m.example/lab");
    fixture.restrict("acme.example", null);
    var unset = new EnumMap<Capability, String>(Capability.class);
    for (Capability capability : Capability.values()) {
      unset.put(capability, "config_path is not set");
    }

    assertThat(
            lacks(
                fixture.compile(
                    new RuntimeFacts("containerd", List.of("containerd"), "1.6.20", "", unset))))
        .containsExactly(
            "containerd 1.6.20 cannot enforce a registry's CA, insecure registries, mirrors and the"
                + " allow-list: config_path is not set");
  }

  @Test
  void namesTheRegistriesThatAreAdmittedAsAWhole() {
    fixture.restrict("quay.io/acme ghcr.io docker.io/acme acme.example acme.example/x", null);

    assertThat(lacks(fixture.compile(SampleRuntimes.newDocker())))
        .containsExactly(
            "docker 29.0.0 with the containerd image store cannot enforce paths on the allow-list,"
                + " so all of docker.io, quay.io is admitted: this sample cannot do paths on the"
                + " allow-list");
    assertThat(lacks(fixture.compile(SampleRuntimes.containers()))).isEmpty();
  }

  @Test
  void inactiveRegistriesAreDeniedByAnAllowListAlone() {
    fixture.declareInactive("old", "old.example");
    String sentence =
        "inactive registries are not denied on hosts (old.example): a denial there needs an"
            + " allow-list (DenyNeedsAllowList); declare `allowedRegistries` in a policy";

    assertThat(lacks(fixture.compile(SampleRuntimes.newDocker(), SampleRuntimes.containerd())))
        .containsExactly(sentence);
    fixture.restrict("quay.io", null);
    assertThat(lacks(fixture.compile(SampleRuntimes.newDocker()))).isEmpty();
    fixture.restrict(null, null, Enforcement.AUDIT, LibraryPrefix.KEEP);
    assertThat(lacks(fixture.compile(SampleRuntimes.newDocker()))).isEmpty();
  }

  @Test
  void defaultRegistryIsNotAppliedWhereLibraryIsToBeLeftOut() {
    fixture.restrict("quay.io", "quay.io/hub", Enforcement.DENY, LibraryPrefix.DROP);

    assertThat(lacks(fixture.compile(SampleRuntimes.newDocker())))
        .containsExactly(
            "the default registry is not applied on hosts: no runtime can leave out `library/`;"
                + " declare `libraryPrefix: Keep`, or write images with `quay.io/hub/`");
  }

  @Test
  void mirrorsOfDockerHubWithoutAPathNeedNoMore() {
    fixture.declare("hub", "docker.io", PLAIN, "m.example");
    assertThat(lacks(fixture.compile(SampleRuntimes.docker()))).isEmpty();

    fixture.declare("hub", "docker.io", PLAIN, "m.example", "m.example/hub");
    assertThat(lacks(fixture.compile(SampleRuntimes.docker())))
        .containsExactly("docker 20.10.24 cannot enforce mirrors: this sample cannot do mirrors");
  }

  @Test
  void whatOneRuntimeTakesIsNotMissedInAnother() {
    fixture.users = List.of("root");
    assertThat(lacks(fixture.compile(SampleRuntimes.docker(), SampleRuntimes.containerd())))
        .isEmpty();
    assertThat(lacks(fixture.compile(SampleRuntimes.containerd())))
        .containsExactly(
            "containerd 2.2.9 cannot enforce credentials of users: this sample cannot do"
                + " credentials of users");

    fixture.users = List.of();
    fixture.node = true;
    assertThat(lacks(fixture.compile(SampleRuntimes.containers(), SampleRuntimes.kubelet())))
        .isEmpty();
    assertThat(lacks(fixture.compile(SampleRuntimes.containers()))).hasSize(1);
  }

  @Test
  void tellsOfATrustStoreThatCannotBeHad() {
    fixture.trustStore = true;
    var alpine =
        new RuntimeFacts(
            "system", List.of(), "", "", Map.of(Capability.TRUST_STORE, "no known family"));

    assertThat(lacks(fixture.compile(SampleRuntimes.docker(), alpine)))
        .containsExactly("system cannot enforce the system's trust store: no known family");
    assertThat(lacks(fixture.compile(SampleRuntimes.docker(), SampleRuntimes.system()))).isEmpty();
  }

  @Test
  void tellsOfAHostWithoutATrustStoreThatIsKnown() {
    String sentence =
        "this host has no trust store that is known (update-ca-certificates, update-ca-trust)";
    assertThat(lacks(fixture.compile(SampleRuntimes.docker()))).isEmpty();
    fixture.trustStore = true;
    assertThat(lacks(fixture.compile(SampleRuntimes.docker()))).containsExactly(sentence);
    fixture.unsupported = Environment.Unsupported.ACCEPT;
    Compiled nothingElse = fixture.compile();
    assertThat(lacks(nothingElse)).containsExactly(sentence);
    assertThat(requireNonNull(nothingElse.hostGovernance()).accepted()).isTrue();
  }
}
