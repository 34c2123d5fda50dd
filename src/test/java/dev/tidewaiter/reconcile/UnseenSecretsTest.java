package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a cycle does with pull Secrets of a name that it may not look at.
class UnseenSecretsTest {
  private static final String ENTRY = "imagePullSecrets/registry-credentials-";
  private static final String DECLARED =
      environment("production", "shop", "pullSecret: {mode: PerRegistry}");
  private static final ResourceId ACCOUNT =
      new ResourceId(ResourceKind.SERVICE_ACCOUNT, "shop", "default");

  private final Harness world;
  private final InMemoryTarget cluster;

  UnseenSecretsTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop");
    world.source.commit(registries() + DECLARED);
  }

  @Test
  void aNameThatIsDeniedHoldsUpNoOther() {
    cluster.deny("registry-credentials-hub");

    CycleReport report = apply();

    assertThat(password("quay")).contains("first");
    assertThat(password("hub")).isEmpty();
    assertThat(cluster.textsOf(ACCOUNT)).containsOnlyKeys(ENTRY + "quay");
    assertThat(report.readiness().reason()).isEqualTo(Reason.AccessDenied);
    assertThat(report.readiness().message()).contains("registry-credentials-hub", "resourceNames");
    assertThat(report.failures()).extracting(CycleReport.Failure::reason).contains("AccessDenied");
    world.secrets.put("secret/quay", "password", "second");
    assertThat(apply().delivers()).isFalse();
    assertThat(password("quay")).contains("second");

    cluster.deny("");

    assertThat(apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(password("hub")).contains("of the hub");
    assertThat(cluster.textsOf(ACCOUNT)).containsOnlyKeys(ENTRY + "quay", ENTRY + "hub");
  }

  @Test
  void whatIsThereUnderADeniedNameStays() {
    assertThat(apply().readiness().reason()).isEqualTo(Reason.Ready);
    cluster.deny("registry-credentials-hub");
    world.secrets.put("secret/hub", "password", "must not be chosen: denied");

    assertThat(apply().readiness().reason()).isEqualTo(Reason.AccessDenied);

    assertThat(password("hub")).contains("of the hub");
    assertThat(cluster.textsOf(ACCOUNT)).containsOnlyKeys(ENTRY + "quay", ENTRY + "hub");
  }

  @Test
  void whatMayNotBeSeenIsNotForgottenWhenItIsNoLongerDeclared() {
    apply();
    var settled = world.source.settled();
    world.source.commit(registries() + DECLARED.replace("[quay, hub]", "[quay]"));
    cluster.deny("registry-credentials-hub");

    CycleReport report = apply();

    assertThat(password("hub")).contains("of the hub");
    assertThat(report.readiness().reason()).isEqualTo(Reason.AccessDenied);
    assertThat(report.delivers()).isFalse();
    assertThat(report.leavesNothing()).isFalse();
    assertThat(world.source.settled()).isEqualTo(settled);
    cluster.deny("");
    assertThat(apply().readiness().reason()).isEqualTo(Reason.Ready);
    assertThat(password("hub")).isEmpty();
    assertThat(world.source.settled()).isNotEqualTo(settled);
  }

  @Test
  void leavingSaysWhatMayNotBeSeen() {
    apply();
    world.source.commit(registries() + environment("other", "nowhere", ""));
    cluster.deny("registry-credentials-hub");

    Withdrawal.Ended ended =
        world.withdrawal().remove("production", world.round().run(null, "test"));

    assertThat(ended)
        .isInstanceOfSatisfying(
            Withdrawal.Ended.Carried.class,
            carried -> {
              assertThat(carried.isComplete()).isFalse();
              assertThat(carried.targets().getFirst().failures())
                  .containsExactly(
                      "cluster/one: cannot list secrets named registry-credentials-hub.");
            });
    assertThat(password("quay")).isEmpty();
    assertThat(password("hub")).contains("of the hub");
  }

  private CycleReport apply() {
    return world.process().apply().reports().getFirst();
  }

  /// Of a registry's pull Secret; empty if that is not there.
  private String password(String registry) {
    var id = new ResourceId(ResourceKind.PULL_SECRET, "shop", "registry-credentials-" + registry);
    return String.join(" ", cluster.textsOf(id).values());
  }
}
