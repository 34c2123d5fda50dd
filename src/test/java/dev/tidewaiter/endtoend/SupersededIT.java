package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Of several registries with one address the one that was added last serves, in a namespace and on
/// a host.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SupersededIT {
  private static final String ADDRESS = "quay.io";

  @TempDir private Path directory;

  @Test
  void servesTheRegistryThatWasAddedLaterUntilItIsInactiveOrDeleted() {
    try (ClusterAndHost place = older()) {
      String uid = place.tenants().uid(place.namespace());

      place.registry("newer", ADDRESS).production("newer", "older").commitReady("Add another");

      assertSupersedes(place, "newer", "older");
      assertSaid(place);
      place.edit("newer", "Active", "Inactive").commitReady("Make the newer inactive");
      assertServes(place, "older");
      place.deployment().awaitNoCondition("Superseded");
      place.edit("newer", "Inactive", "Active").commitReady("Make the newer active");
      assertSupersedes(place, "newer", "older");
      place.delete("newer").production("older").commitReady("Delete the newer");
      assertServes(place, "older");
      place.deployment().awaitNoCondition("Superseded");
      assertThat(place.tenants().uid(place.namespace())).isEqualTo(uid);
    }
  }

  @Test
  void countsNoMoveNoEditAndNoReactivationAsAnAddition() {
    try (ClusterAndHost place = older()) {
      GitRepository repository = place.deployment().repository();
      place.registry("newer", ADDRESS).production("older", "newer").commitReady("Add another");

      place.edit("older", "puller-of-older", "somebody").commitReady("Edit the older");
      assertSupersedes(place, "newer", "older");
      place.edit("older", "Active", "Inactive").commitReady("Make the older inactive");
      assertServes(place, "newer");
      place.edit("older", "Inactive", "Active").commitReady("Make the older active");
      assertSupersedes(place, "newer", "older");
      repository.move("registries/older.yaml", "moved/to/z.yaml");
      place.commitReady("Move the older");
      assertSupersedes(place, "newer", "older");

      repository.delete("moved");
      place.production("newer").commitReady("Delete the older");
      place.registry("older", ADDRESS).production("older", "newer").commitReady("Add it again");
      assertSupersedes(place, "older", "newer");
    }
  }

  @Test
  void ordersByTheCommitsOfTheBranchAfterASquash() {
    try (ClusterAndHost place = older()) {
      GitRepository repository = place.deployment().repository();
      repository.branch("feature");
      place.registry("squashed", ADDRESS);
      place.deployment().commit("Add a registry on a branch");
      repository.checkout("main");
      place.registry("trunk", ADDRESS).production("older", "trunk").commitReady("Add it on main");
      assertSupersedes(place, "trunk", "older");

      squash(repository);
      place.production("older", "trunk", "squashed").commitReady("Squash the branch");

      assertSupersedes(place, "squashed", "older, trunk");
    }
  }

  @Test
  void keepsWhatIsInForceWhenTwoAreAddedInOneSquash() {
    try (ClusterAndHost place = older()) {
      GitRepository repository = place.deployment().repository();
      String good = repository.head();
      repository.branch("feature");
      place.registry("one", ADDRESS);
      place.deployment().commit("Add one");
      place.registry("two", ADDRESS);
      place.deployment().commit("Add two");
      repository.checkout("main");
      squash(repository);
      place.production("older", "one", "two");
      place.deployment().commit("Squash the branch");

      assertThat(place.deployment().awaitCondition("Stalled")).contains("added in the same commit");

      place.deployment().awaitRound();
      JsonNode standing = place.deployment().status().path("repository");
      assertThat(standing.path("revisionInForce").asString()).isEqualTo(good);
      assertThat(standing.path("problems").toString()).contains("environments/production.yaml:");
      assertServes(place, "older");
      place.delete("one").production("older", "two").commitReady("Keep one of them");
      assertSupersedes(place, "two", "older");
      place.registry("one", ADDRESS).production("older", "one", "two").commitReady("Add the other");
      assertSupersedes(place, "one", "older, two");
    }
  }

  private ClusterAndHost older() {
    ClusterAndHost place = ClusterAndHost.create(directory);
    place.registry("older", ADDRESS).production("older");
    place.deployment().commit("Declare the older");
    place.deployment().startReady();
    assertServes(place, "older");
    return place;
  }

  /// Brings the branch `feature` into the working tree of the present one, without its commits.
  private static void squash(GitRepository repository) {
    repository.git("merge", "--quiet", "--squash", "feature");
  }

  private static void assertServes(ClusterAndHost place, String registry) {
    place.assertServed(Map.of(ADDRESS, registry));
  }

  private static void assertSupersedes(ClusterAndHost place, String winner, String losers) {
    assertServes(place, winner);
    place.awaitOnBoth("Superseded", losers + ": another registry with the same address");
  }

  private static void assertSaid(ClusterAndHost place) {
    Result status = place.deployment().statusCommand();
    assertThat(status.stdout())
        .contains("Superseded: older: another registry with the same address was added later");
    assertThat(status.exitCode()).isZero();
    Path checkout = place.deployment().repository().work();
    Result validated =
        TidewaiterProcess.run(place.deployment().directory(), "validate", checkout.toString());
    assertThat(validated.exitCode()).as(validated.output()).isZero();
    assertThat(validated.stdout())
        .contains("`older` is superseded by `newer`, which was added later.");
  }
}
