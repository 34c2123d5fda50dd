package dev.tidewaiter.target.host.containers;

import static dev.tidewaiter.target.host.containers.ContainersHost.POLICY;
import static dev.tidewaiter.target.host.containers.ContainersHost.REGISTRIES;
import static dev.tidewaiter.target.host.containers.ContainersHost.allows;
import static dev.tidewaiter.target.host.containers.ContainersHost.applied;
import static dev.tidewaiter.target.host.containers.ContainersHost.certificate;
import static dev.tidewaiter.target.host.containers.ContainersHost.creates;
import static dev.tidewaiter.target.host.containers.ContainersHost.drops;
import static dev.tidewaiter.target.host.containers.ContainersHost.failed;
import static dev.tidewaiter.target.host.containers.ContainersHost.regime;
import static dev.tidewaiter.target.host.containers.ContainersHost.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.CrashingFiles;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.containers.ContainersRuntime.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of a directory that looks like a host.
class ContainersFilesTest {
  private static final String OPEN = "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}\n";
  private static final Change DENIAL = allows("quay.io/acme", "docker.io");
  private static final Change DROP_IN =
      creates(REGISTRIES, "registry/docker.io", "reg.test/hub", "unqualified", "docker.io");

  @TempDir private Path directory;

  private ContainersHost host() throws IOException {
    return host(Programs.NONE, Integer.MAX_VALUE);
  }

  private ContainersHost host(Programs programs, int steps) throws IOException {
    return ContainersHost.directory(directory, programs, steps);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void finishesAfterACrashAtAnyStepAndNeverLeavesAMalformedFile() throws Exception {
    write(host().policyJson(), OPEN);
    Map<String, String> before = host().tree();
    int steps = 0;
    for (boolean crashed = true; crashed; steps++) {
      crashed = !survives(host(Programs.NONE, steps), DENIAL, DROP_IN);
      requireSound();
      for (Change change : List.of(DENIAL, DROP_IN)) {
        applied(host().apply(change));
      }
      assertThat(host().observed(POLICY))
          .containsEntry("default", "reject (ours)")
          .containsEntry("allow/quay.io/acme", "present (ours)");
      assertThat(host().observed(REGISTRIES))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "registry/docker.io", "reg.test/hub (ours)", "unqualified", "docker.io (ours)"));
      boolean pruned =
          survives(
              host(Programs.NONE, steps), new Change.Prune(POLICY), new Change.Prune(REGISTRIES));
      crashed |= !pruned;
      requireSound();
      host().apply(new Change.Prune(POLICY));
      host().apply(new Change.Prune(REGISTRIES));
      assertThat(host().tree()).as("after %s steps", steps).isEqualTo(before);
      assertThat(host().target().environments()).isEmpty();
    }
    assertThat(steps).isGreaterThan(10);
  }

  private static boolean survives(ContainersHost host, Change... changes) {
    try {
      for (Change change : changes) {
        host.apply(change);
      }
      return true;
    } catch (CrashingFiles.Crash _) {
      return false;
    }
  }

  private void requireSound() throws IOException {
    FileContent policy = FileContent.of(Files.readAllBytes(host().policyJson()));
    assertThat(PolicyDocument.parse(SignaturePolicy.PATH, policy)).isNotNull();
    if (Files.exists(host().dropIn())) {
      FileContent dropIn = FileContent.of(Files.readAllBytes(host().dropIn()));
      assertThat(DropInDocument.read(dropIn)).isPresent();
    }
  }

  @Test
  void keepsWhatOthersChangeAfterUs() throws Exception {
    write(host().policyJson(), OPEN);
    applied(host().apply(DENIAL));
    String edited =
        Files.readString(host().policyJson())
            .replace(
                "\"docker\":", "\"atomic\": {\"x.test\": [{\"type\": \"reject\"}]}, \"docker\":");
    write(host().policyJson(), edited);
    applied(host().apply(drops(POLICY, "allow/docker.io")));
    applied(host().apply(new Change.Prune(POLICY)));
    FileContent left = FileContent.of(Files.readAllBytes(host().policyJson()));
    PolicyDocument policy = PolicyDocument.parse(SignaturePolicy.PATH, left);
    assertThat(policy.fallback()).isEqualTo(PolicyDocument.Default.ACCEPT);
    assertThat(policy.json().tree().path("transports").propertyNames()).containsExactly("atomic");
  }

  @Test
  void showsWhatOthersTookAway() throws Exception {
    write(host().policyJson(), OPEN);
    applied(host().apply(DENIAL));
    String ours = Files.readString(host().policyJson());
    write(host().policyJson(), ours.replace("\"dir\"", "\"sif\""));
    assertThat(host().observed(POLICY))
        .containsEntry("default", "reject, also of local images (ours)");
    write(host().policyJson(), OPEN);
    assertThat(host().observed(POLICY))
        .containsEntry("default", "insecureAcceptAnything (ours)")
        .containsEntry("allow/docker.io", "absent (ours)");
    applied(host().apply(DENIAL));
    assertThat(host().policyJson()).hasContent(ours.strip());
  }

  @Test
  void claimsNothingThatStandsThereAlready() throws Exception {
    String foreign =
        """
        {"default": [{"type": "reject"}], "transports": {"docker": {
          "docker.io": [{"type": "insecureAcceptAnything"}], "no.test": [{"type": "reject"}]}}}
        """;
    write(host().policyJson(), foreign);
    assertThat(host().observed(POLICY))
        .isEqualTo(
            Map.of("default", "reject", "allow/docker.io", "present", "allow/no.test", "rejected"));
    applied(host().apply(creates(POLICY, "allow/quay.io/acme", "present")));
    assertThat(host().observed(POLICY)).containsEntry("allow/quay.io/acme", "present (ours)");
    applied(host().apply(new Change.Prune(POLICY)));
    assertThat(host().policyJson()).hasContent(foreign.strip());
  }

  @Test
  void refusesAForeignDropInInItsPlace() throws Exception {
    write(host().dropIn(), "unqualified-search-registries = [\"x.test\"]\n");
    failed(host().apply(DROP_IN), FailureReason.Conflict);
    assertThat(host().observed(REGISTRIES)).containsEntry("unqualified", "x.test");
  }

  @Test
  void tellsCrioOfRegistriesAndAgainAfterACrash() throws Exception {
    var reloads = new AtomicInteger();
    Programs programs = withCrio(reloads, true);
    applied(host(programs, Integer.MAX_VALUE).apply(DROP_IN));
    assertThat(reloads).hasValue(1);
    applied(host(programs, Integer.MAX_VALUE).apply(new Change.Prune(REGISTRIES)));
    assertThat(reloads).hasValue(2);
    assertThat(host().dropIn()).doesNotExist();

    Programs dying =
        new Programs(
            false,
            Trials.NONE,
            crio(
                () -> {
                  throw new CrashingFiles.Crash();
                }),
            NeededImages.NONE);
    assertThat(survives(host(dying, Integer.MAX_VALUE), DROP_IN)).isFalse();
    assertThat(host().observed(REGISTRIES)).containsEntry("content", "not in force (ours)");
    applied(host(programs, Integer.MAX_VALUE).apply(DROP_IN));
    assertThat(reloads).hasValue(3);
    assertThat(host().observed(REGISTRIES)).doesNotContainKey("content");
  }

  @Test
  void takesBackWhatCrioDoesNotTakeUp() throws Exception {
    var reloads = new AtomicInteger();
    Map<String, String> before = host().tree();
    failed(
        host(withCrio(reloads, false), Integer.MAX_VALUE).apply(DROP_IN),
        FailureReason.NotEffective);
    assertThat(host().tree()).isEqualTo(before);
    assertThat(reloads).hasValue(2);
  }

  private static Programs withCrio(AtomicInteger reloads, boolean takesUp) {
    return new Programs(
        false,
        Trials.NONE,
        crio(
            () -> {
              reloads.incrementAndGet();
              return takesUp;
            }),
        NeededImages.NONE);
  }

  private static Crio crio(BooleanSupplier reload) {
    return new Crio() {
      @Override
      public boolean reload() {
        return reload.getAsBoolean();
      }

      @Override
      public Optional<String> process() {
        return Optional.of("1");
      }
    };
  }

  @Test
  void refusesAListThatCutsOffThePauseImage() throws Exception {
    write(host().policyJson(), OPEN);
    NeededImages needed = () -> List.of("registry.k8s.io/pause", "quay.io/acme/cni");
    Programs programs = new Programs(false, Trials.NONE, Crio.NONE, needed);
    ContainersHost host = host(programs, Integer.MAX_VALUE);
    assertThat(failed(host.apply(DENIAL), FailureReason.Unsafe).detail())
        .contains("registry.k8s.io/pause")
        .doesNotContain("cni");
    assertThat(host.policyJson()).hasContent(OPEN.strip());
    applied(host.apply(allows("quay.io/acme", "registry.k8s.io/pause")));
    failed(host.apply(drops(POLICY, "allow/registry.k8s.io/pause")), FailureReason.Unsafe);
  }

  @Test
  void deniesNothingMoreWhileNobodyKnowsWhatTheMachineNeeds() throws Exception {
    write(host().policyJson(), OPEN);
    NeededImages untold =
        () -> {
          throw HostFileException.unsafe("crictl: there is no such program");
        };
    Programs programs = new Programs(false, Trials.NONE, Crio.NONE, untold);
    failed(host(programs, Integer.MAX_VALUE).apply(DENIAL), FailureReason.Unsafe);
    assertThat(host().policyJson()).hasContent(OPEN.strip());

    applied(host().apply(DENIAL));
    ContainersHost host = host(programs, Integer.MAX_VALUE);
    failed(host.apply(drops(POLICY, "allow/docker.io")), FailureReason.Unsafe);
    applied(host.apply(allows("quay.io/acme", "docker.io", "ghcr.io")));
    applied(host.apply(new Change.Prune(POLICY)));
    assertThat(host.policyJson()).hasContent(OPEN.strip());
  }

  @Test
  void saysWhereNothingCanBeTried() throws Exception {
    write(host().policyJson(), OPEN);
    assertThat(host().runtime().prove(regime("quay.io"))).isEqualTo(new Proof.Proven());
    applied(host().apply(allows("quay.io")));
    write(host().root().resolve("etc/crio/policies/shop.json"), OPEN);
    assertThat(host().runtime().prove(regime("quay.io")))
        .isInstanceOfSatisfying(
            Proof.Inconclusive.class,
            proof ->
                assertThat(proof.detail())
                    .contains("neither podman nor skopeo", "/etc/crio/policies/shop.json"));
  }

  @Test
  void seesWhatOthersWroteWithoutTrying() throws Exception {
    write(host().policyJson(), OPEN);
    applied(host().apply(allows("quay.io")));
    assertThat(host().runtime().weaknesses(regime("quay.io"))).isEmpty();
    write(host().root().resolve("etc/crio/policies/shop.json"), OPEN);
    assertThat(host().runtime().weaknesses(regime("quay.io")))
        .singleElement()
        .asString()
        .startsWith("/etc/crio/policies/shop.json: CRI-O reads it instead");
  }

  @Test
  void hidesNoCertificateOfDockersDirectory() throws Exception {
    write(host().root().resolve("etc/docker/certs.d/reg.test/corp.crt"), "of somebody else");
    Change trust =
        creates(certificate("reg.test", "client.cert"), "content", "sha256", "mode", "0644");
    assertThat(
            failed(
                    host()
                        .target()
                        .apply(
                            ContainersHost.ENVIRONMENT,
                            trust,
                            (id, _) ->
                                id.name().endsWith("client.cert")
                                    ? text("x").find(id, "content")
                                    : null),
                    FailureReason.Unsafe)
                .detail())
        .contains("/etc/docker/certs.d/reg.test/corp.crt");
  }

  @Test
  void saysWhatIsThereAndWhatItCannotDo() throws Exception {
    assertThat(host().runtime().facts()).isEmpty();
    write(host().root().resolve("usr/bin/podman"), "not run under another root");
    RuntimeFacts podman = host().runtime().facts().orElseThrow();
    assertThat(podman.words()).containsExactly("podman");
    assertThat(podman.can(Capability.ALLOW_LIST_PATHS)).isTrue();
    assertThat(podman.lack(Capability.NODE_CREDENTIALS))
        .hasValueSatisfying(why -> assertThat(why).contains("hosts.credentials.users"));
    write(
        host().root().resolve("etc/crio/crio.conf.d/10-policy.conf"),
        "[crio.image]\nsignature_policy = \"/etc/crio/policy.json\"\n");
    RuntimeFacts both = host().runtime().facts().orElseThrow();
    assertThat(both.words()).containsExactly("podman", "crio");
    assertThat(both.lack(Capability.NODE_CREDENTIALS))
        .hasValueSatisfying(why -> assertThat(why).contains("kubelet"));
    assertThat(both.lack(Capability.ALLOW_LIST))
        .hasValueSatisfying(why -> assertThat(why).contains("/etc/crio/policy.json"));
  }

  @Test
  void doesNotLoseADenialToMalformedSettingsOfCrio() throws Exception {
    write(host().policyJson(), OPEN);
    write(host().root().resolve("etc/crio/crio.conf.d/20-broken.conf"), "[crio.image\n");
    assertThat(host().runtime().facts().orElseThrow().lack(Capability.ALLOW_LIST))
        .hasValueSatisfying(why -> assertThat(why).contains("20-broken.conf"));
    applied(host().apply(allows("quay.io")));
    assertThatThrownBy(() -> host().runtime().facts())
        .isInstanceOf(HostFileException.class)
        .hasMessageContaining("20-broken.conf");
    var surroundings = (Surroundings.Host) host().target().surroundings();
    assertThat(surroundings.unknown()).containsOnlyKeys("containers");
  }

  @Test
  void followsNoLink() throws Exception {
    ContainersHost host = host();
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    write(elsewhere.resolve("policy.json"), OPEN);
    Path containers = host.root().resolve("etc/containers");
    Files.move(containers, directory.resolve("moved"));
    Files.createSymbolicLink(containers, elsewhere);
    failed(host.apply(DENIAL), FailureReason.Unsafe);
    failed(host.apply(DROP_IN), FailureReason.Unsafe);
    assertThat(elsewhere).isDirectoryNotContaining("glob:**90-tidewaiter.conf");
    assertThat(elsewhere.resolve("policy.json")).hasContent(OPEN.strip());

    write(
        host.root().resolve("etc/passwd"),
        "alice:x:%s:%s::/home/alice:/bin/sh\n"
            .formatted(
                Files.getAttribute(directory, "unix:uid"),
                Files.getAttribute(directory, "unix:gid")));
    Files.createDirectories(host.root().resolve("home/alice"));
    Files.createSymbolicLink(host.root().resolve("home/alice/.config"), elsewhere);
    Change login = creates(ContainersHost.login("alice"), "auths/quay.io", "as compiled");
    failed(host.apply(login, ContainersHost.auth("of a test")), FailureReason.Unsafe);
    assertThat(elsewhere.resolve("containers")).doesNotExist();
    Files.delete(host.root().resolve("home/alice/.config"));
    applied(host.apply(login, ContainersHost.auth("of a test")));
    Path file = host.root().resolve("home/alice/.config/containers/auth.json");
    assertThat(file).content().contains("\"quay.io\"");
    applied(host.apply(new Change.Prune(ContainersHost.login("alice"))));
    assertThat(host.root().resolve("home/alice/.config")).doesNotExist();
  }

  @Test
  void leavesAPolicyOfThePackagesInForce() throws Exception {
    write(host().root().resolve("usr/share/containers/policy.json"), OPEN);
    failed(host().apply(DENIAL), FailureReason.Unsafe);
    assertThat(host().policyJson()).doesNotExist();
  }
}
