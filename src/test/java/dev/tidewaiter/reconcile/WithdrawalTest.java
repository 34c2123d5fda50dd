package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testing.InMemoryTarget;
import dev.tidewaiter.testing.SampleRuntimes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When an environment may be left, and what is said if not.
class WithdrawalTest {
  private final Harness world;

  WithdrawalTest(@TempDir Path directory) {
    this.world = new Harness(directory);
  }

  private RoundResult round() {
    return world.round().run(null, "test");
  }

  @Test
  void leavesAnActiveEnvironmentThatThisDaemonServesNoMore() {
    InMemoryTarget cluster = world.cluster("one", "shop");
    world.source.commit(registries() + environment("production", "shop", ""));
    world.process().apply();
    assertThat(cluster.owned()).isPositive();

    Withdrawal.Ended ended = world.withdrawal(_ -> false).remove("production", round());

    assertThat(ended).isInstanceOf(Withdrawal.Ended.Carried.class);
    assertThat(cluster.owned()).isZero();
  }

  @Test
  void saysHowToLeaveTheTargetsOfOneDaemonAlone() {
    world.cluster("one", "shop");
    world.source.commit(registries() + environment("production", "shop", ""));
    assertThat(refusal("production"))
        .startsWith("Environment production is declared and Active at ")
        .contains("served on cluster/one", "`environments`");
  }

  @Test
  void leavesAHostThatIsSelectedNoMore() {
    InMemoryTarget host = world.host(SampleRuntimes.newDocker());
    world.source.commit(registries() + onHosts("worker"));
    world.process().apply();
    assertThat(host.owned()).isPositive();
    assertThat(refusal("production")).contains("served on host/build-1");

    world.source.commit(registries() + onHosts("builder"));
    assertThat(world.withdrawal().remove("production", round()))
        .isInstanceOf(Withdrawal.Ended.Carried.class);

    assertThat(host.owned()).isZero();
  }

  @Test
  void refusesWhileAHostCannotTellWhetherItIsSelected() {
    InMemoryTarget host = world.host(SampleRuntimes.newDocker());
    world.source.commit(registries() + onHosts("builder"));
    host.setAway(true);
    assertThat(refusal("production")).contains("served on host/build-1");
  }

  @Test
  void refusesANameThatNobodyKnows() {
    InMemoryTarget cluster = world.cluster("one", "shop");
    world.source.commit(registries() + environment("production", "shop", ""));
    world.process().apply();
    world.source.commit(registries() + environment("other", "nowhere", ""));
    assertThat(refusal("prod"))
        .isEqualTo(
            """
            Environment prod: It is not declared, and nothing of it is on any target.
              Name one of other, production.""");
    cluster.setAway(true);
    assertThat(world.withdrawal().remove("prod", round()))
        .as("what cannot be seen may be there")
        .isInstanceOf(Withdrawal.Ended.Carried.class);
  }

  @Test
  void whatIsDeclaredButNotServedIsNotCalledUndeclared() {
    world.cluster("one", "shop");
    world.source.commit(registries() + environment("production", "shop", ""));
    world.process().apply();
    assertThat(orphaned(world.process(_ -> false).preview()))
        .isEqualTo(
            "production is declared, but not one of the `environments` that this daemon serves, and"
                + " nothing of it is pruned. Add it to them, or run `tidewaiter withdraw production"
                + " --remove`, or `--keep`");
    world.source.commit(registries() + environment("other", "nowhere", ""));
    assertThat(orphaned(world.process().preview()))
        .startsWith("production is not declared any more")
        .endsWith(
            "Declare it `Retired`, or run `tidewaiter withdraw production --remove`, or `--keep`");
  }

  private String refusal(String environment) {
    return world.withdrawal().remove(environment, round())
            instanceof Withdrawal.Ended.Refused(String reason)
        ? reason
        : "not refused";
  }

  private static String orphaned(OneShotResult result) {
    return result.targets().getFirst().conditions().stream()
        .filter(condition -> condition.reason() == Reason.Orphaned)
        .map(Condition::message)
        .findFirst()
        .orElse("none");
  }

  private static String onHosts(String role) {
    return """
    ---
    apiVersion: tidewaiter.dev/v1
    kind: Environment
    metadata: {name: production}
    spec:
      registries: [quay]
      hosts: {selector: {matchLabels: {role: %s}}, credentials: {users: [root]}}
    """
        .formatted(role);
  }
}
