package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The states of registries and environments, in a namespace and on a host alike. What
/// [LifecycleIT] shows of clusters is not repeated; superseded registries are in [SupersededIT].
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StatesIT {
  private static final String PRIVATE = "registry.acme.example:5000";

  @TempDir private Path directory;

  @Test
  void withdrawsAnInactiveRegistryAndGivesItBackByOneWord() {
    try (ClusterAndHost place = serving()) {
      Map<Path, String> without = place.host().listing();
      place.registry("private", PRIVATE).production("quay", "private");
      place.commitReady("Add the private registry");
      place.assertServed(Map.of("quay.io", "quay", PRIVATE, "private"));
      Map<Path, String> with = place.host().listing();
      String uid = place.tenants().uid(place.namespace());

      place.edit("private", "Active", "Inactive").commitReady("Make it inactive");

      place.assertServed(Map.of("quay.io", "quay"));
      assertThat(place.host().listing()).isEqualTo(without);
      place.edit("private", "Inactive", "Active").commitReady("Make it active");
      place.assertServed(Map.of("quay.io", "quay", PRIVATE, "private"));
      assertThat(place.host().listing()).isEqualTo(with);

      place.delete("private").production("quay").commitReady("Delete it");

      place.assertServed(Map.of("quay.io", "quay"));
      assertThat(place.host().listing()).isEqualTo(without);
      assertThat(place.tenants().uid(place.namespace())).isEqualTo(uid);
    }
  }

  @Test
  void leavesNothingWhenTheOnlyRegistryIsInactive() {
    try (ClusterAndHost place = declared()) {
      Map<Path, String> before = place.host().listing();
      place.deployment().startReady();
      place.assertServed(Map.of("quay.io", "quay"));

      place.edit("quay", "Active", "Inactive").commitReady("Make it inactive");

      assertNothingLeft(place, before);
      place.edit("quay", "Inactive", "Active").commitReady("Make it active");
      place.assertServed(Map.of("quay.io", "quay"));
    }
  }

  @Test
  void keepsWhatIsOrphanedUntilItIsRetired() {
    try (ClusterAndHost place = declared()) {
      Map<Path, String> before = place.host().listing();
      place.deployment().startReady();
      Map<Path, String> delivered = place.host().listing();

      place.deployment().repository().delete("environments");
      place.deployment().commit("Forget the environment");

      place.awaitOnBoth("Orphaned", "production is not declared any more");
      place.deployment().awaitRound();
      place.assertServed(Map.of("quay.io", "quay"));
      assertThat(place.host().listing()).isEqualTo(delivered);
      assertSays(place, 5, "Orphaned: production is not declared any more");

      place.environment("production", "tenant", "Retired", "quay").commitReady("Retire it");

      assertNothingLeft(place, before);
      place.awaitOnBoth("Retired", "delete the declaration");
      assertSays(place, 0, "Retired: everything of it is withdrawn");
      place.deployment().awaitNoCondition("Orphaned");
      place.deployment().repository().delete("environments");
      place.commitReady("Delete the declaration");
      place.deployment().awaitNoCondition("Retired");
      assertNothingLeft(place, before);
    }
  }

  @Test
  void leavesToItsOwnerWhatASecondEnvironmentClaims() {
    try (ClusterAndHost place = serving()) {
      Map<Path, String> delivered = place.host().listing();
      place.registry("private", PRIVATE).environment("staging", "stage", "Active", "private");
      place.deployment().commit("Claim what is the production's");

      place.awaitOnBoth("Contested", "belongs to production");

      place.deployment().awaitRound();
      place.assertServed(Map.of("quay.io", "quay"));
      assertThat(place.host().listing()).isEqualTo(delivered);
      assertSays(place, 5, "staging: Contested", "production: Ready");
      place.environment("production", "tenant", "Retired", "quay").commitReady("Retire the owner");
      // What both have, the pull Secret, changes hands in more than one cycle.
      Await.until(Deployment.LIMIT, () -> place.assertServed(Map.of(PRIVATE, "private")));
      place.deployment().awaitNoCondition("Contested");
    }
  }

  @Test
  void givesToNobodyWhatTwoEnvironmentsClaimAtOnce() {
    try (ClusterAndHost place = declared()) {
      Map<Path, String> before = place.host().listing();
      place.environment("staging", "stage", "Active", "quay");
      place.deployment().commit("Claim it twice");
      place.deployment().start();

      place.awaitOnBoth("Contested", "belongs to production, staging");

      place.deployment().awaitRound();
      assertNothingLeft(place, before);
      assertSays(place, 5, "production: Contested", "staging: Contested");
      place.environment("staging", "elsewhere", "Active", "quay").commitReady("Leave it to one");
      place.assertServed(Map.of("quay.io", "quay"));
    }
  }

  @Test
  void leavesToItsOwnerWhatASecondInstanceClaims() {
    try (ClusterAndHost place = serving();
        ClusterAndHost second = place.another()) {
      Map<Path, String> delivered = place.host().listing();
      second.registry("theirs", "quay.io").production("theirs");
      second.deployment().commit("Claim what is another instance's");

      Result claimed = second.deployment().apply();

      assertThat(claimed.exitCode()).as(claimed.output()).isEqualTo(5);
      assertThat(claimed.stdout())
          .contains("Contested: " + place.namespace(), place.deployment().instance())
          .contains("Conflict: ", "certs.d/quay.io/ca.crt", "a file that somebody else wrote")
          .contains("Its field auths/quay.io has another value, which somebody else wrote.");
      assertThat(place.host().listing()).isEqualTo(delivered);
      second.environment("production", "tenant", "Retired", "theirs");
      second.deployment().commit("Withdraw the claim");
      Result withdrawn = second.deployment().apply();
      assertThat(withdrawn.exitCode()).as(withdrawn.output()).isZero();
      assertThat(place.host().listing()).isEqualTo(delivered);
      place.deployment().awaitRound();
      place.deployment().awaitReady();
      place.assertServed(Map.of("quay.io", "quay"));
    }
  }

  private ClusterAndHost declared() {
    ClusterAndHost place = ClusterAndHost.create(directory);
    place.registry("quay", "quay.io").production("quay");
    place.deployment().commit("Declare quay");
    return place;
  }

  private ClusterAndHost serving() {
    ClusterAndHost place = declared();
    place.deployment().startReady();
    place.assertServed(Map.of("quay.io", "quay"));
    return place;
  }

  private static void assertNothingLeft(ClusterAndHost place, Map<Path, String> before) {
    assertThat(place.tenants().traces()).isEmpty();
    assertThat(place.host().listing()).isEqualTo(before);
  }

  private static void assertSays(ClusterAndHost place, int exitCode, String... texts) {
    Result status = place.deployment().statusCommand();
    assertThat(status.stdout()).contains(texts);
    assertThat(status.exitCode()).isEqualTo(exitCode);
  }
}
