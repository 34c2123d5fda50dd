package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.LIMIT;
import static dev.tidewaiter.reconcile.PolicyScene.CANDIDATE;
import static dev.tidewaiter.reconcile.PolicyScene.POLICY;
import static dev.tidewaiter.reconcile.PolicyScene.binding;
import static dev.tidewaiter.reconcile.PolicyScene.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What follows from the proof, and what a daemon does with policies between its rounds.
class ProvingTest {
  private static final String QUAY = "allowedRegistries: [quay.io]";

  private final PolicyScene scene;

  ProvingTest(@TempDir Path directory) {
    this.scene = new PolicyScene(directory);
  }

  private void awaitReports(int count) {
    Await.until(LIMIT, () -> assertThat(scene.world.reports).hasSizeGreaterThanOrEqualTo(count));
  }

  /// Waits until a daemon has ended another round and its cycle.
  private CycleReport afterARound(ReconcileLoop daemon) {
    int before = scene.world.reports.size();
    daemon.requestRound("test");
    Await.until(
        LIMIT,
        () ->
            assertThat(scene.world.reports.stream().skip(before))
                .anyMatch(report -> report.trigger().cause().contains("test")));
    return scene.world.reports.getLast();
  }

  @Test
  void provesOnceWhatIsInForceAndAgainWhatWasWritten() {
    scene.declare(QUAY);
    try (var daemon = scene.world.daemon()) {
      daemon.start();
      Await.until(LIMIT, () -> assertThat(scene.cluster.proofs.asked()).hasSize(1));
      afterARound(daemon);
      afterARound(daemon);
      assertThat(scene.cluster.proofs.asked()).hasSize(1);
      assertThat(
              scene.cluster.proofs.asked().getFirst().judge("docker.io/library/nginx").isAllowed())
          .isFalse();
      scene.declare("allowedRegistries: [quay.io/acme]");
      afterARound(daemon);
      assertThat(scene.cluster.proofs.asked()).hasSize(2);
    }
  }

  @Test
  void rollsBackWhatDoesNotDoWhatItSaysAndLeavesItSo() {
    scene.cluster.proofs.set(new Proof.Refuted("it admitted what it should deny."));
    scene.declare(QUAY);
    try (var daemon = scene.world.daemon()) {
      daemon.start();
      awaitReports(1);
      CycleReport first = scene.world.reports.getFirst();
      assertThat(first.readiness().reason()).isEqualTo(Reason.ProofFailed);
      assertThat(message(first, Reason.ProofFailed))
          .startsWith("it admitted what it should deny. It was rolled back and only audits");
      assertThat(scene.actions(POLICY)).isEqualTo("Audit");
      int written = scene.cluster.applied().size();
      for (int i = 0; i < 8; i++) {
        assertThat(afterARound(daemon).readiness().reason()).isEqualTo(Reason.ProofFailed);
      }
      assertThat(scene.cluster.applied()).hasSize(written);
      assertThat(scene.cluster.proofs.asked()).hasSize(1);
      scene.cluster.proofs.set(new Proof.Proven());
      scene.declare("allowedRegistries: [quay.io/acme]");
      assertThat(afterARound(daemon).readiness().reason()).isEqualTo(Reason.Ready);
      assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
    }
  }

  @Test
  void anotherProcessTriesWhatWasRolledBackAgain() {
    scene.cluster.proofs.set(new Proof.Refuted("it admitted what it should deny."));
    assertThat(scene.declare(QUAY).apply().has(Reason.ProofFailed)).isTrue();
    assertThat(scene.actions(POLICY)).isEqualTo("Audit");
    assertThat(scene.apply().has(Reason.ProofFailed)).isTrue();
    assertThat(scene.actions(POLICY)).isEqualTo("Audit");
    scene.cluster.proofs.set(new Proof.Proven());
    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
  }

  @Test
  void whatCouldNotBeTriedStaysInForceAndIsTriedAgainLater() {
    scene.cluster.proofs.set(new Proof.Inconclusive("a quota stands in the way; raise it"));
    scene.declare(QUAY);
    try (var daemon = scene.world.daemon()) {
      daemon.start();
      awaitReports(1);
      CycleReport report = afterARound(daemon);
      assertThat(report.readiness().reason()).isEqualTo(Reason.Ready);
      assertThat(message(report, Reason.ProofInconclusive))
          .contains("a quota stands in the way; raise it");
      assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
      assertThat(scene.cluster.proofs.asked()).hasSize(1);
      scene.world.clock.advance(Duration.ofMinutes(11));
      scene.cluster.proofs.set(new Proof.Proven());
      assertThat(afterARound(daemon).conditions()).isEmpty();
      assertThat(scene.cluster.proofs.asked()).hasSize(2);
    }
  }

  @Test
  void aDefaultRegistryAloneIsProvenWithoutAnythingDenied() {
    scene.declare("defaultRegistry: quay.io/hub").apply();
    assertThat(scene.cluster.proofs.asked()).hasSize(1);
    var regime = scene.cluster.proofs.asked().getFirst();
    assertThat(regime.admitted("nginx")).isEqualTo("quay.io/hub/library/nginx");
    assertThat(regime.rules().isOpen()).isTrue();
  }

  @Test
  void correctsAPolicyThatWasDeletedAndProvesItAgain() {
    scene.declare(QUAY);
    try (var daemon = scene.world.daemon()) {
      daemon.start();
      Await.until(LIMIT, () -> assertThat(scene.cluster.proofs.asked()).hasSize(1));
      scene.cluster.delete(binding(POLICY, "names"));
      Await.until(LIMIT, () -> assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit"));
      Await.until(LIMIT, () -> assertThat(scene.cluster.proofs.asked()).hasSize(2));
    }
  }

  @Test
  void correctsACandidateWithoutAskingWhatRuns() {
    scene.declare(QUAY).running("web", "nginx");
    try (var daemon = scene.world.daemon()) {
      daemon.start();
      awaitReports(1);
      int asked = scene.cluster.timesAsked();
      scene.cluster.delete(binding(CANDIDATE, "names"));
      Await.until(LIMIT, () -> assertThat(scene.actions(CANDIDATE)).isEqualTo("Warn Audit"));
      awaitReports(2);
      assertThat(scene.world.reports.getLast().has(Reason.ActivationHeld)).isTrue();
      assertThat(scene.cluster.timesAsked()).isEqualTo(asked);
      assertThat(scene.cluster.named(ResourceKind.ALLOW_POLICY)).containsExactly(CANDIDATE);
      scene.cluster.stopAll();
      afterARound(daemon);
      assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
      assertThat(scene.cluster.named(ResourceKind.ALLOW_POLICY)).containsExactly(POLICY);
    }
  }

  @Test
  void bindsANamespaceOfAProjectByNameWhenItAppears() {
    scene.declareIn(
        "namespaces: {names: [shop], projects: [\"c-abc12:p-xyz34\"]}\n  policy: restricted", QUAY);
    try (var daemon = scene.world.daemon()) {
      daemon.start();
      Await.until(LIMIT, () -> assertThat(scene.cluster.proofs.asked()).hasSize(1));
      scene.cluster.addNamespace("late", "c-abc12:p-xyz34");
      Await.until(
          LIMIT,
          () ->
              assertThat(scene.cluster.textOf(binding(POLICY, "names"), "namespaces"))
                  .isEqualTo("names late shop"));
    }
  }
}
