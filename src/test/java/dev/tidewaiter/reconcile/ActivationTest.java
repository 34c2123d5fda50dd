package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.PolicyScene.CANDIDATE;
import static dev.tidewaiter.reconcile.PolicyScene.POLICY;
import static dev.tidewaiter.reconcile.PolicyScene.approval;
import static dev.tidewaiter.reconcile.PolicyScene.denied;
import static dev.tidewaiter.reconcile.PolicyScene.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When denials take effect, by what runs and what is approved.
class ActivationTest {
  private static final String QUAY = "allowedRegistries: [quay.io]";
  private static final String BOTH = "allowedRegistries: [quay.io, docker.io]";

  private final PolicyScene scene;

  ActivationTest(@TempDir Path directory) {
    this.scene = new PolicyScene(directory);
  }

  @Test
  void deniesAtOnceWhereNothingThatRunsWouldBeDenied() {
    CycleReport report = scene.declare(QUAY).running("calm", "quay.io/acme/app:1").apply();
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
    assertThat(report.readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(denied(report)).isEmpty();
    assertSettled();
  }

  @Test
  void showsAllThatWouldBeDeniedAndEnforcesNothingUntilApproved() {
    scene.declare(QUAY).running("calm", "quay.io/acme/app:1");
    for (int i = 1; i <= 5; i++) {
      scene.running("web-" + i, "nginx:1." + i);
    }
    CycleReport report = scene.apply();
    assertThat(denied(report))
        .containsExactly(
            "web-1: nginx:1.1",
            "web-2: nginx:1.2",
            "web-3: nginx:1.3",
            "web-4: nginx:1.4",
            "web-5: nginx:1.5");
    assertThat(report.readiness().reason()).isEqualTo(Reason.ActivationHeld);
    assertThat(report.readiness().message())
        .startsWith("5 workload(s) would be denied at their next start:")
        .contains("Deployment web-1 in shop (nginx:1.1)", "and 2 more")
        .contains("`activation: {approve: \"" + approval(report) + "\"}`");
    assertThat(scene.actions(POLICY)).isEmpty();
    assertThat(scene.actions(CANDIDATE)).isEqualTo("Warn Audit");
    assertThat(report.plan().denials()).hasSize(3);
    assertThat(scene.cluster.proofs.asked()).isEmpty();
    assertSettled();
    scene.declare(QUAY, "activation: {approve: \"" + approval(report) + "\"}");
    CycleReport approved = scene.apply();
    assertThat(approved.readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(denied(approved)).hasSize(5);
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
    assertThat(scene.cluster.named(ResourceKind.ALLOW_POLICY)).containsExactly(POLICY);
    assertThat(scene.cluster.named(ResourceKind.ALLOW_BINDING))
        .containsExactly(POLICY + ".names", POLICY + ".proof");
    assertSettled();
  }

  @Test
  void theNameOfAnImageNeitherSteersATerminalNorMakesALine() {
    CycleReport report = scene.declare(QUAY).running("web", "x\u001b[2J\n```\n\u202e`y`").apply();
    assertThat(message(report, Reason.ActivationHeld))
        .contains("Deployment web in shop (x\\u001b[2J ``` \\u202e`y`)");
    assertThat(denied(report)).containsExactly("web: x\u001b[2J\n```\n\u202e`y`");
  }

  @Test
  void anApprovalCoversATenthMoreAndNoOtherRules() {
    scene.declare(QUAY);
    for (int i = 1; i <= 10; i++) {
      scene.running("web-" + i, "nginx");
    }
    String approval = approval(scene.apply());
    scene.running("late", "nginx").running("later", "nginx");
    CycleReport tooMany =
        scene.declare(QUAY, "activation: {approve: \"%s\"}".formatted(approval)).apply();
    assertThat(tooMany.has(Reason.ActivationHeld)).isTrue();
    assertThat(approval(tooMany)).endsWith("/12").startsWith(approval.replaceFirst("/.*", "/"));
    scene.declare(QUAY, "activation: {approve: \"%s\"}".formatted(approval.replace("/10", "/11")));
    CycleReport otherRules =
        scene
            .declare(
                "allowedRegistries: [quay.io/acme]",
                "activation: {approve: \"%s\"}".formatted(approval(tooMany)))
            .apply();
    assertThat(otherRules.has(Reason.ActivationHeld)).isTrue();
    scene.declare(QUAY, "activation: {approve: \"%s\"}".formatted(approval.replace("/10", "/11")));
    assertThat(scene.apply().has(Reason.ActivationHeld)).isFalse();
  }

  @Test
  void asManyAsAllowedNeedNoApproval() {
    scene.declare(QUAY, "activation: {maxDenied: 1}").running("web", "nginx");
    CycleReport report = scene.apply();
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
    assertThat(denied(report)).containsExactly("web: nginx");
    assertThat(report.readiness().reason()).isEqualTo(Reason.Ready);
  }

  @Test
  void noApprovalCoversWhatKeepsTheClusterAlive() {
    scene.declare(QUAY, "activation: {maxDenied: 9}").running("web", "nginx");
    CycleReport report = scene.critical("proxy", "registry.k8s.io/proxy:1").apply();
    assertThat(report.readiness().message())
        .contains("1 of them keep(s) the cluster itself alive")
        .contains("Deployment proxy in shop (registry.k8s.io/proxy:1)")
        .doesNotContain("approve");
    assertThat(approval(report)).isEmpty();
    assertThat(scene.actions(POLICY)).isEmpty();
    scene.declare("allowedRegistries: [quay.io, registry.k8s.io]", "activation: {maxDenied: 9}");
    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
  }

  @Test
  void keepsTheRulesInForceBesideTighterOnesThatAreHeld() {
    scene.declare(BOTH).apply();
    scene.running("web", "nginx");
    CycleReport report = scene.declare(QUAY).apply();
    assertThat(denied(report)).containsExactly("web: nginx");
    scene.assertAllows(POLICY, "quay.io", "docker.io");
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
    scene.assertAllows(CANDIDATE, "quay.io");
    assertThat(scene.actions(CANDIDATE)).isEqualTo("Warn Audit");
    assertSettled();
    scene.cluster.stopAll();
    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    scene.assertAllows(POLICY, "quay.io");
    assertThat(scene.cluster.named(ResourceKind.ALLOW_POLICY)).containsExactly(POLICY);
    assertSettled();
  }

  @Test
  void opensAtOnceWhatIsAllowedNewlyWhileTheRestIsHeld() {
    scene.declare(BOTH).apply();
    scene.running("web", "nginx");
    scene.declare("allowedRegistries: [quay.io, ghcr.io]");
    assertThat(scene.apply().has(Reason.ActivationHeld)).isTrue();
    scene.assertAllows(POLICY, "quay.io", "docker.io", "ghcr.io");
    scene.assertAllows(CANDIDATE, "quay.io", "ghcr.io");
    assertSettled();
    scene.declare("allowedRegistries: [quay.io, ghcr.io]", "enforcement: Warn");
    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(scene.actions(POLICY)).isEqualTo("Warn Audit");
    assertThat(scene.cluster.named(ResourceKind.ALLOW_POLICY)).containsExactly(POLICY);
    assertSettled();
  }

  @Test
  void holdsWhileItCannotBeToldWhatRuns() {
    scene.cluster.setKnowsWorkloads(false);
    CycleReport report = scene.declare(QUAY).apply();
    assertThat(message(report, Reason.ActivationHeld))
        .contains("it cannot be told what runs: pods may not be listed in shop");
    assertThat(scene.actions(POLICY)).isEmpty();
    assertThat(scene.actions(CANDIDATE)).isEqualTo("Warn Audit");
    scene.cluster.setKnowsWorkloads(true);
    scene.apply();
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
  }

  @Test
  void judgesNothingWhereNothingIsDenied() {
    scene.running("web", "nginx");
    for (String enforcement : List.of("Warn", "Audit")) {
      CycleReport report = scene.declare(QUAY, "enforcement: " + enforcement).apply();
      assertThat(report.readiness().reason()).isEqualTo(Reason.Ready);
      assertThat(scene.actions(POLICY)).startsWith(enforcement);
    }
    assertThat(scene.cluster.timesAsked()).isZero();
    assertThat(scene.cluster.proofs.asked()).isEmpty();
    assertThat(scene.declare(QUAY).apply().has(Reason.ActivationHeld)).isTrue();
    assertThat(scene.actions(POLICY)).isEqualTo("Audit");
  }

  @Test
  void judgesAgainWhatIsBoundNewly() {
    scene.declareIn("namespaces: {names: [web]}\n  policy: restricted", QUAY).apply();
    scene.running("web", "nginx");
    assertThat(denied(scene.declare(QUAY).apply())).containsExactly("web: nginx");
    assertThat(scene.cluster.textOf(PolicyScene.binding(POLICY, "names"), "namespaces"))
        .isEqualTo("names web");
    scene.declareIn("namespaces: {names: [web]}\n  policy: restricted", QUAY).apply();
    assertThat(scene.cluster.timesAsked()).isEqualTo(2);
    assertSettled();
  }

  @Test
  void writesAPolicyBeforeItsBindingsAndTakesItAwayAfterThem() {
    scene.declare(QUAY).apply();
    List<ResourceKind> written = kinds();
    assertThat(written.indexOf(ResourceKind.ALLOW_BINDING))
        .isGreaterThan(written.lastIndexOf(ResourceKind.ALLOW_POLICY))
        .isGreaterThan(written.lastIndexOf(ResourceKind.PULL_SECRET));
    int before = written.size();
    scene.declareIn(
        "namespaces: {names: [shop, web]}\n  policy: restricted\n  state: Retired", QUAY);
    scene.apply();
    assertThat(scene.cluster.owned()).isZero();
    List<ResourceKind> gone = kinds().subList(before, kinds().size());
    assertThat(gone.lastIndexOf(ResourceKind.ALLOW_BINDING))
        .isLessThan(gone.indexOf(ResourceKind.ALLOW_POLICY));
    assertThat(gone.indexOf(ResourceKind.ALLOW_POLICY))
        .isLessThan(gone.indexOf(ResourceKind.PULL_SECRET));
  }

  @Test
  void deniesNothingWhileWhatItAllowsCouldNotBeWritten() {
    scene.cluster.failOn(
        new ResourceId(ResourceKind.DEFAULT_POLICY, ResourceId.CLUSTER_WIDE, POLICY),
        new Outcome.Failed(FailureReason.AccessDenied, "may not create it", null));
    CycleReport report = scene.declare(QUAY, "defaultRegistry: quay.io/hub").apply();
    assertThat(report.failures())
        .extracting(CycleReport.Failure::detail)
        .contains(
            "may not create it",
            "waits for MutatingAdmissionPolicy/tidewaiter.test.production, which failed");
    assertThat(kinds()).doesNotContain(ResourceKind.ALLOW_POLICY, ResourceKind.ALLOW_BINDING);
    assertThat(scene.cluster.proofs.asked()).isEmpty();
  }

  @Test
  void holdsTheEndOfADefaultRegistryWithoutWhichWhatRunsWouldBeDenied() {
    scene.declare(QUAY, "defaultRegistry: quay.io/hub").running("web", "nginx").apply();
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
    CycleReport report = scene.declare(QUAY).apply();
    assertThat(denied(report)).containsExactly("web: nginx");
    assertThat(scene.cluster.named(ResourceKind.DEFAULT_POLICY)).containsExactly(POLICY);
    assertSettled();
  }

  @Test
  void movesToADefaultRegistryWithoutHoldingWhatItKeepsGoing() {
    scene.running("web", "nginx").running("old", "docker.io/library/redis:7");
    CycleReport report = scene.declare(QUAY, "defaultRegistry: quay.io/hub").apply();
    assertThat(denied(report)).containsExactly("old: docker.io/library/redis:7");
    assertThat(scene.cluster.named(ResourceKind.DEFAULT_POLICY)).containsExactly(POLICY);
    assertThat(scene.actions(POLICY)).isEmpty();
  }

  @Test
  void judgesWithoutADefaultRegistryThatIsNotInPlace() {
    scene.cluster.addForeign(PolicyScene.defaults(POLICY));
    scene.declare(QUAY, "defaultRegistry: quay.io/hub").running("web", "nginx");
    CycleReport report = scene.apply();
    assertThat(report.plan().conflicts()).hasSize(1);
    assertThat(scene.cluster.named(ResourceKind.DEFAULT_BINDING)).isEmpty();
    assertThat(denied(report)).containsExactly("web: nginx");
    assertThat(report.activation())
        .extracting(activation -> activation.denied().getFirst().images().getFirst().reason())
        .isEqualTo("not on the allow-list; the default registry is not applied");
    assertThat(scene.actions(POLICY)).isEmpty();
    assertThat(scene.actions(CANDIDATE)).isEqualTo("Warn Audit");
    scene.cluster.delete(PolicyScene.defaults(POLICY));
    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
    assertSettled();
  }

  @Test
  void aDefaultRegistryStaysWhereRulesThatAreHeldStay() {
    String mirrored = "defaultRegistry: quay.io/hub";
    scene.declare(QUAY, mirrored).running("web", "nginx").apply();
    scene.runningIn("late", "old", "docker.io/library/redis:7");
    scene.declareIn(
        "namespaces: {names: [web], selector: {matchLabels: {team: a}}}\n  policy: restricted",
        QUAY,
        mirrored);
    scene.cluster.addLabelled("late", Map.of("team", "a"));
    assertThat(denied(scene.apply())).containsExactly("old: docker.io/library/redis:7");
    ResourceId defaults =
        new ResourceId(ResourceKind.DEFAULT_BINDING, ResourceId.CLUSTER_WIDE, POLICY + ".names");
    for (ResourceId binding : List.of(PolicyScene.binding(POLICY, "names"), defaults)) {
      assertThat(scene.cluster.textOf(binding, "namespaces")).isEqualTo("names shop web");
    }
    assertSettled();
    scene.cluster.stopAll();
    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(scene.cluster.textOf(defaults, "namespaces")).isEqualTo("names web");
  }

  @Test
  void bindsNoPolicyOfAStranger() {
    scene.cluster.addForeign(PolicyScene.policy(POLICY));
    CycleReport report = scene.declare(QUAY).apply();
    assertThat(report.plan().conflicts()).hasSize(1);
    assertThat(report.readiness().reason()).isNotEqualTo(Reason.Ready);
    assertThat(scene.cluster.named(ResourceKind.ALLOW_BINDING)).isEmpty();
    assertThat(scene.cluster.proofs.asked()).isEmpty();
  }

  @Test
  void whatTenantsWriteInANamespaceOpensNothing() {
    scene.declare(QUAY, "defaultRegistry: quay.io/hub").apply();
    var policy = scene.cluster.textsOf(PolicyScene.policy(POLICY));
    scene.cluster.claim("shop", "x/y");
    CycleReport report = scene.running("web", "docker.io/library/nginx").apply();
    assertThat(report.plan().changes()).isEmpty();
    assertThat(report.plan().denials()).isEmpty();
    scene.cluster.claim("web", "x/y");
    assertThat(scene.apply().plan().changes()).isEmpty();
    assertThat(scene.cluster.textsOf(PolicyScene.policy(POLICY))).isEqualTo(policy);
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
  }

  @Test
  void aPreviewShowsWhatWouldBeHeldAndTouchesNothing() {
    CycleReport report = scene.declare(QUAY).running("web", "nginx").preview();
    assertThat(denied(report)).containsExactly("web: nginx");
    assertThat(report.has(Reason.ActivationHeld)).isTrue();
    assertThat(report.plan().denials()).hasSize(3);
    assertThat(scene.cluster.applied()).isEmpty();
    assertThat(scene.cluster.proofs.asked()).isEmpty();
  }

  @Test
  void policiesStayAsTheyAreWhileSuspendedOrOnlyDetecting() {
    for (String frozen : List.of("suspend: State", "suspend: All", "driftMode: DetectOnly")) {
      scene.declareIn("namespaces: {names: [shop, web]}\n  policy: restricted\n  " + frozen, QUAY);
      assertThat(scene.apply().plan().frozen())
          .extracting(Change::id)
          .contains(PolicyScene.policy(POLICY));
    }
    assertThat(scene.cluster.applied()).isEmpty();
    assertThat(scene.cluster.timesAsked()).isZero();
    assertThat(scene.cluster.proofs.asked()).isEmpty();
  }

  private List<ResourceKind> kinds() {
    return scene.cluster.applied().stream().map(change -> change.id().kind()).toList();
  }

  /// A process that starts now finds nothing to do.
  private void assertSettled() {
    CycleReport again = scene.apply();
    assertThat(again.plan().changes()).isEmpty();
    assertThat(again.plan().denials()).hasSameSizeAs(scene.apply().plan().denials());
  }
}
