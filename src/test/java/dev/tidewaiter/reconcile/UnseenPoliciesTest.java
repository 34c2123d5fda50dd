package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static dev.tidewaiter.reconcile.Harness.secret;
import static dev.tidewaiter.reconcile.PolicyScene.POLICY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a cycle does with policies that it cannot see, or that are not said to be possible.
class UnseenPoliciesTest {
  private static final String QUAY = "allowedRegistries: [quay.io]";
  private static final String DENIED =
      "cluster/one: cannot list validatingadmissionpolicies: answered 403 Forbidden.";

  private final PolicyScene scene;

  UnseenPoliciesTest(@TempDir Path directory) {
    this.scene = new PolicyScene(directory);
  }

  private String password() {
    return scene.cluster.textOf(secret("web"), "auths/quay.io");
  }

  private List<Change> changesOfPolicies() {
    return scene.cluster.applied().stream()
        .filter(change -> change.id().kind().isPolicy())
        .toList();
  }

  @Test
  void prunesNothingWhileOneOfSeveralServersSaysThatItHasNoPolicies() {
    scene.declare(QUAY, "defaultRegistry: quay.io/acme");
    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    List<Change> before = changesOfPolicies();
    scene.cluster.denyThatItAdmits();

    CycleReport report = scene.apply();

    assertThat(report.readiness().reason()).isEqualTo(Reason.Unsupported);
    assertThat(report.plan().held()).isEmpty();
    assertThat(changesOfPolicies()).isEqualTo(before);
    scene.assertAllows(POLICY, "quay.io");
    scene.cluster.admit();
    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(changesOfPolicies()).isEqualTo(before);
  }

  @Test
  void credentialsAreWrittenAndRefreshedWherePoliciesAreDenied() {
    scene.declare(QUAY);
    scene.cluster.hidePolicies(DENIED);

    CycleReport report = scene.apply();

    assertThat(password()).contains("first");
    assertThat(report.readiness().reason()).isEqualTo(Reason.PoliciesUnknown);
    assertThat(report.readiness().message()).startsWith(DENIED);
    scene.world.secrets.put("secret/quay", "password", "second");
    scene.apply();
    assertThat(password()).contains("second");
    assertThat(changesOfPolicies()).isEmpty();
    assertThat(scene.cluster.proofs.asked()).isEmpty();
    assertThat(scene.world.source.settled()).isNull();

    scene.cluster.hidePolicies("");

    assertThat(scene.apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(scene.actions(POLICY)).isEqualTo("Deny Audit");
    assertThat(scene.cluster.proofs.asked()).hasSize(1);
    assertThat(scene.world.source.settled()).isNotNull();
  }

  @Test
  void whatIsInForceStaysWhileItCannotBeSeen() {
    scene.declare(QUAY).apply();
    List<Change> before = changesOfPolicies();
    scene.cluster.hidePolicies(DENIED);

    scene.declare("allowedRegistries: [quay.io/acme]").apply();
    scene.world.source.commit(registries() + environment("production", "shop, web", ""));

    assertThat(scene.apply().has(Reason.PoliciesUnknown)).isTrue();
    assertThat(changesOfPolicies()).isEqualTo(before);
    scene.cluster.hidePolicies("");
    scene.apply();
    assertThat(scene.cluster.named(ResourceKind.ALLOW_POLICY)).isEmpty();
  }

  @Test
  void anEnvironmentThatIsLeftGivesItsCredentialsBackThoughItsPoliciesAreUnseen() {
    scene.declare(QUAY).apply();
    scene.world.source.commit(registries() + environment("other", "nowhere", ""));
    RoundResult gone = scene.world.round().run(null, "test");
    scene.cluster.hidePolicies(DENIED);

    Withdrawal.Ended ended = scene.world.withdrawal().remove("production", gone);

    assertThat(ended)
        .isInstanceOfSatisfying(
            Withdrawal.Ended.Carried.class,
            carried ->
                assertThat(carried.targets())
                    .singleElement()
                    .satisfies(left -> assertThat(left.failures()).containsExactly(DENIED)));
    assertThat(scene.cluster.fieldsOf(secret("web"))).isEmpty();
    scene.assertAllows(POLICY, "quay.io");
  }
}
