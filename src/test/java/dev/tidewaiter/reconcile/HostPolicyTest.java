package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.registries;
import static dev.tidewaiter.reconcile.PolicyScene.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.Failed;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.InMemoryTarget;
import dev.tidewaiter.testing.SampleRuntimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cycles do with an allow-list on a host.
class HostPolicyTest {
  private static final Outcome READ_ONLY =
      new Failed(FailureReason.AccessDenied, "the file system is read-only", null);

  private final Harness world;

  HostPolicyTest(@TempDir Path directory) {
    this.world = new Harness(directory);
  }

  @Test
  void provesWhatItRefusesOnceAndAgainWhenItWasWritten() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(Harness.LIMIT, () -> assertThat(host.proofs.asked()).hasSize(1));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(1);
      assertThat(host.proofs.asked().getFirst().judge("evil.example/app").isAllowed()).isFalse();
      host.delete(denial());
      Await.until(Harness.LIMIT, () -> assertThat(host.proofs.asked()).hasSize(2));
      assertThat(host.named(ResourceKind.DENIAL)).hasSize(1);
    }
  }

  @Test
  void tellsInEachCycleWhatWeakensWhatWasProvenAndAsksNobody() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(Harness.LIMIT, () -> assertThat(host.proofs.asked()).hasSize(1));
      round(daemon);
      assertThat(world.reports.getLast().has(Reason.ProofInconclusive)).isFalse();
      host.proofs.weaken("docker: /etc/docker/certs.d/evil.example: somebody else made it");
      round(daemon);
      assertThat(message(world.reports.getLast(), Reason.ProofInconclusive))
          .contains("/etc/docker/certs.d/evil.example");
      host.proofs.weaken("");
      round(daemon);
      assertThat(world.reports.getLast().has(Reason.ProofInconclusive)).isFalse();
      assertThat(host.proofs.asked()).hasSize(1);
    }
  }

  @Test
  void provesWhatItRefusesAgainEveryHour() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(Harness.LIMIT, () -> assertThat(host.proofs.asked()).hasSize(1));
      round(daemon);
      world.clock.advance(Duration.ofMinutes(59));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(1);
      world.clock.advance(Duration.ofMinutes(2));
      host.proofs.set(new Proof.Inconclusive("docker: it does not run"));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(2);
      assertThat(world.reports.getLast().has(Reason.ProofInconclusive)).isTrue();
    }
  }

  @Test
  void provesWhatItRefusesAgainTenMinutesLaterIfSomethingHappenedSince() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(Harness.LIMIT, () -> assertThat(host.proofs.asked()).hasSize(1));
      round(daemon);
      host.stir("docker");
      world.clock.advance(Duration.ofMinutes(9));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(1);
      world.clock.advance(Duration.ofMinutes(2));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(2);
      world.clock.advance(Duration.ofMinutes(30));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(2);
    }
  }

  @Test
  void provesWhatItRefusesAgainTenMinutesLaterIfSomethingHappenedMeanwhile() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    host.proofs.during(() -> host.stir("docker"));
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(Harness.LIMIT, () -> assertThat(host.proofs.asked()).hasSize(1));
      host.proofs.during(() -> {});
      round(daemon);
      world.clock.advance(Duration.ofMinutes(9));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(1);
      world.clock.advance(Duration.ofMinutes(2));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(2);
      world.clock.advance(Duration.ofMinutes(30));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(2);
    }
  }

  @Test
  void takesAwayADenialThatDoesNotDeny() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    host.proofs.set(new Proof.Refuted("docker: it pulled from probe-1.invalid."));
    CycleReport report = apply();
    assertThat(report.readiness().reason()).isEqualTo(Reason.ProofFailed);
    assertThat(message(report, Reason.ProofFailed))
        .startsWith("docker: it pulled from probe-1.invalid. The denial is taken away");
    assertThat(host.named(ResourceKind.DENIAL)).isEmpty();
    host.proofs.set(new Proof.Proven());
    assertThat(apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(host.named(ResourceKind.DENIAL)).hasSize(1);
  }

  @Test
  void triesADenialThatDidNotDenyAgainAfterAnHour() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    host.proofs.set(new Proof.Refuted("docker: it pulled from probe-1.invalid.", Set.of("docker")));
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(Harness.LIMIT, () -> assertThat(host.proofs.asked()).hasSize(1));
      host.proofs.set(new Proof.Proven());
      world.clock.advance(Duration.ofMinutes(59));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(1);
      assertThat(host.named(ResourceKind.DENIAL)).isEmpty();
      world.clock.advance(Duration.ofMinutes(2));
      round(daemon);
      assertThat(host.proofs.asked()).hasSize(2);
      assertThat(host.named(ResourceKind.DENIAL)).hasSize(1);
    }
  }

  @Test
  void claimsNoDenialToBeGoneThatStands() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    assertThat(apply().readiness().reason()).isEqualTo(Reason.Ready);
    host.proofs.set(new Proof.Refuted("docker: it pulled from probe-1.invalid.", Set.of("docker")));
    host.failOn(denial(), READ_ONLY);
    CycleReport report = apply();
    assertThat(message(report, Reason.ProofFailed))
        .startsWith("docker: it pulled from probe-1.invalid. The denial still stands: ");
    assertThat(host.named(ResourceKind.DENIAL)).hasSize(1);
  }

  @Test
  void takesAwayTheDenialOfTheRuntimeThatDoesNotRefuse() {
    InMemoryTarget host = world.host(SampleRuntimes.newDocker(), SampleRuntimes.containerd());
    declare("unsupported: Accept", "docker, containerd");
    host.proofs.set(new Proof.Refuted("docker: it pulled from probe-1.invalid.", Set.of("docker")));
    CycleReport report = apply();
    assertThat(message(report, Reason.ProofFailed)).contains("The denial is taken away");
    assertThat(host.named(ResourceKind.DENIAL)).singleElement().asString().contains("containerd");
  }

  @Test
  void saysWhatWeakensADenialThatStays() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    host.proofs.set(new Proof.Inconclusive("docker: /etc/docker/certs.d/x: somebody else made it"));
    CycleReport report = apply();
    assertThat(report.readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(message(report, Reason.ProofInconclusive))
        .isEqualTo(
            "the denial is in force, but not shown to hold: docker: /etc/docker/certs.d/x: somebody"
                + " else made it");
    assertThat(host.named(ResourceKind.DENIAL)).hasSize(1);
  }

  @Test
  void isNotReadyWhereARuntimeCannotEnforceIt() {
    InMemoryTarget host = declared(SampleRuntimes.docker());
    CycleReport report = apply();
    assertThat(report.readiness().reason()).isEqualTo(Reason.Unsupported);
    assertThat(message(report, Reason.Unsupported)).contains("docker 20.10.24");
    assertThat(host.named(ResourceKind.DENIAL)).isEmpty();
    assertThat(host.proofs.asked()).isEmpty();
    assertThat(report.runtimes()).hasSize(1);
    assertThat(report.runtimes().getFirst().can())
        .contains("HubMirrors")
        .doesNotContain("AllowList");
  }

  @Test
  void isReadyWhereThatIsAccepted() {
    InMemoryTarget host = world.host(SampleRuntimes.docker());
    declare("unsupported: Accept");
    OneShotResult result = world.process().apply();
    assertThat(result.isIncomplete()).isFalse();
    assertThat(result.reports().getFirst().has(Reason.Unsupported)).isTrue();
    assertThat(host.named(ResourceKind.DENIAL)).isEmpty();
  }

  @Test
  void refusesNothingBeforeAllThatIsAllowedIsThere() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    ResourceId quay =
        new ResourceId(
            ResourceKind.REGISTRY_HOST, "docker", "etc/docker/certs.d/quay.io/hosts.toml");
    host.failOn(quay, READ_ONLY);
    CycleReport report = apply();
    assertThat(report.failures())
        .extracting(CycleReport.Failure::detail)
        .contains("waits for " + quay + ", which failed");
    assertThat(host.named(ResourceKind.DENIAL)).isEmpty();
    assertThat(host.proofs.asked()).isEmpty();
    host.heal(quay.toString());
    assertThat(apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(host.named(ResourceKind.DENIAL)).hasSize(1);
  }

  @Test
  void refusesWhateverBecomesOfALogin() {
    InMemoryTarget host = declared(SampleRuntimes.newDocker());
    host.failOn(new ResourceId(ResourceKind.USER_CREDENTIALS, "docker", "root"), READ_ONLY);
    assertThat(apply().failures()).hasSize(1);
    assertThat(host.named(ResourceKind.DENIAL)).hasSize(1);
  }

  private InMemoryTarget declared(RuntimeFacts runtime) {
    InMemoryTarget host = world.host(runtime);
    declare("unsupported: Reject");
    return host;
  }

  private void declare(String hosts) {
    declare(hosts, "docker");
  }

  private void declare(String hosts, String runtimes) {
    world.source.commit(
        registries()
            + """
            ---
            apiVersion: tidewaiter.dev/v1
            kind: RegistryPolicy
            metadata: {name: restricted}
            spec: {allowedRegistries: [quay.io], enforcement: Deny}
            ---
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec:
              registries: [quay, hub]
              policy: restricted
              hosts:
                selector: {matchLabels: {role: worker}}
                runtimes: [%s]
                credentials: {users: [root]}
                %s
            """
                .formatted(runtimes, hosts));
  }

  private CycleReport apply() {
    return world.process().apply().reports().getFirst();
  }

  private void round(ReconcileLoop daemon) {
    int before = world.reports.size();
    daemon.requestRound("test");
    Await.until(
        Harness.LIMIT,
        () ->
            assertThat(world.reports.stream().skip(before))
                .anyMatch(report -> report.trigger().cause().contains("test")));
  }

  private static ResourceId denial() {
    return new ResourceId(ResourceKind.DENIAL, "docker", "etc/docker/certs.d/_default/hosts.toml");
  }
}
