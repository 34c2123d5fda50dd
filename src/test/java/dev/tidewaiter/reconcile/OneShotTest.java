package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static dev.tidewaiter.reconcile.Harness.registry;
import static dev.tidewaiter.reconcile.Harness.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.testing.InMemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneShotTest {
  private static final String QUAY = "auths/quay.io";
  private static final String HUB = "auths/https://index.docker.io/v1/";

  private final Harness world;
  private final InMemoryTarget cluster;
  private final Path directory;

  OneShotTest(@TempDir Path directory) {
    this.directory = directory;
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop", "web");
  }

  private void declare(String more) {
    world.source.commit(registries() + environment("production", "shop, web", more));
  }

  @Test
  void appliesEverythingOnceAndNothingInTheNextProcess() {
    declare("");
    assertThat(world.process().apply().isIncomplete()).isFalse();
    assertThat(cluster.fieldsOf(secret("web")))
        .hasValueSatisfying(f -> assertThat(f).contains(QUAY, HUB));
    int changes = cluster.applied().size();
    OneShotResult second = world.process().apply();
    assertThat(cluster.applied()).hasSize(changes);
    assertThat(second.reports().getFirst().readiness().reason()).isEqualTo(Reason.Ready);
  }

  @Test
  void previewOfOneEnvironmentCallsNoOtherOrphaned() {
    world.source.commit(
        registries() + environment("production", "shop", "") + environment("web", "web", ""));
    world.process().apply();
    OneShotResult preview = world.process().preview().of("web");
    assertThat(preview.reports())
        .extracting(report -> report.subject().environment())
        .containsExactly("web");
    assertThat(preview.targets()).noneMatch(target -> target.has(Reason.Orphaned));
  }

  @Test
  void previewSaysThatSomethingWouldChangeAndNotThatItIsThere() {
    declare("");
    assertThat(world.process().preview().reports().getFirst().readiness())
        .isEqualTo(new Condition(Reason.Reconciling, "4 change(s) would be made"));
    world.process().apply();
    assertThat(world.process().preview().reports().getFirst().readiness().reason())
        .isEqualTo(Reason.Ready);
  }

  @Test
  void previewTouchesNothing() {
    declare("");
    OneShotResult preview = world.process().preview();
    assertThat(preview.hasDifferences()).isTrue();
    assertThat(cluster.owned()).isZero();
    assertThat(world.source.settled()).isNull();
  }

  @Test
  void aBrokenNewestCommitLeavesWhatIsInForceAlsoAfterARestart() {
    declare("");
    world.process().apply();
    world.source.commit("kind: Nonsense");
    world.source.commit("apiVersion: [");
    world.secrets.put("secret/quay", "password", "rotated");
    OneShotResult result = world.process().apply();
    assertThat(result.isRejected()).isTrue();
    assertThat(cluster.textOf(secret("shop"), QUAY)).contains("rotated");
    assertThat(cluster.owned()).isEqualTo(4);
  }

  @Test
  void anAddressThatChangedUnderItsNameStaysRejectedThoughLaterCommitsKeepIt() {
    declare("");
    world.process().apply();
    String moved = registry("quay", "quay.example") + registry("hub", "docker.io");
    world.source.commit(moved + environment("production", "shop, web", ""));
    world.source.commit(moved + environment("production", "shop", ""));
    OneShotResult result = world.process().apply();
    assertThat(result.isRejected()).isTrue();
    assertThat(cluster.fieldsOf(secret("web")))
        .hasValueSatisfying(f -> assertThat(f).contains(QUAY));
  }

  @Test
  void anEmptiedRepositoryPrunesNothing() {
    declare("");
    world.process().apply();
    world.source.commit("");
    assertThat(world.process().apply().isRejected()).isTrue();
    assertThat(cluster.owned()).isEqualTo(4);
  }

  @Test
  void withoutAnyRevisionInForceNothingIsTouched() {
    world.source.commit("kind: Nonsense");
    OneShotResult result = world.process().apply();
    assertThat(result.round().standing().conditions())
        .extracting(Condition::reason)
        .contains(Reason.NothingInForce);
    assertThat(cluster.applied()).isEmpty();
  }

  @Test
  void aRepositoryThatIsAwayAtTheStartLeavesWhatWasFetchedInForce() {
    declare("");
    world.process().apply();
    world.source.setAway(true);
    world.secrets.put("secret/quay", "password", "rotated");
    assertThat(world.process().apply().isUnavailable()).isTrue();
    assertThat(cluster.textOf(secret("shop"), QUAY)).contains("rotated");
  }

  @Test
  void namesATargetThatDoesNotAnswerOnce() {
    declare("");
    cluster.setAway(true);
    TargetStatus status = world.process().preview().targets().getFirst();
    assertThat(status.conditions())
        .extracting(Condition::message)
        .containsExactly("cluster/one: no answer");
    assertThat(status.reports().getFirst().readiness().message())
        .isEqualTo("cluster/one: no answer");
  }

  @Test
  void aVanishedEnvironmentIsOrphanedAndPrunesNothing() {
    declare("");
    world.process().apply();
    world.source.commit(registries() + environment("other", "nowhere", ""));
    OneShotResult result = world.process().apply();
    assertThat(result.targets().getFirst().has(Reason.Orphaned)).isTrue();
    assertThat(cluster.owned()).isEqualTo(4);
  }

  @Test
  void aRetiredEnvironmentLeavesNoTrace() {
    declare("");
    world.process().apply();
    declare("state: Retired");
    world.process().apply();
    assertThat(cluster.owned()).isZero();
    assertThat(world.process().apply().targets().getFirst().reports())
        .allSatisfy(report -> assertThat(report.plan().isEmpty()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "denied", "unavailable", "malformed"})
  void aSecretThatIsNotKnownIsWithheldAndTheOthersAreRotated(String answer) {
    declare("");
    world.process().apply();
    SecretLookup lookup =
        switch (answer) {
          case "absent" -> new SecretLookup.Absent("gone");
          case "denied" -> new SecretLookup.Denied("no");
          case "unavailable" -> new SecretLookup.Unavailable("sealed");
          default -> new SecretLookup.Found(Secret.of(""), "");
        };
    world.secrets.answer("secret/quay", "password", lookup);
    world.secrets.put("secret/hub", "password", "rotated");
    OneShotResult result = world.process().apply();
    assertThat(cluster.textOf(secret("shop"), QUAY)).contains("first");
    assertThat(cluster.textOf(secret("shop"), HUB)).contains("rotated");
    assertThat(result.reports().getFirst().has(Reason.CredentialWithheld)).isTrue();
    assertThat(result.isUnavailable()).isEqualTo(answer.equals("unavailable"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"suspend: All", "suspend: State", "driftMode: DetectOnly"})
  void aFrozenEnvironmentIsLeftAsItIs(String frozen) {
    declare(frozen);
    CycleReport report = world.process().apply().reports().getFirst();
    assertThat(cluster.owned()).isZero();
    assertThat(report.plan().frozen()).isNotEmpty();
    assertThat(report.conditions())
        .extracting(Condition::reason)
        .containsAnyOf(Reason.Suspended, Reason.Drifted);
  }

  @Test
  void tooManyWithdrawalsAreHeldUntilApproved() {
    declare("");
    world.process().apply();
    world.source.commit(
        registries() + environment("production", "shop", "prune: {maxDeletions: 1}"));
    CycleReport held = world.process().apply().reports().getFirst();
    assertThat(held.has(Reason.WithdrawalHeld)).isTrue();
    assertThat(cluster.fieldsOf(secret("web"))).isPresent();
    String approval = held.plan().approval();
    world.source.commit(
        registries()
            + environment(
                "production", "shop", "prune: {maxDeletions: 1, approve: \"" + approval + "\"}"));
    world.process().apply();
    assertThat(cluster.fieldsOf(secret("web"))).isEmpty();
  }

  @Test
  void aRewrittenBranchHoldsEveryWithdrawalAlsoAfterARestart() {
    var base = world.source.commit(registries() + environment("production", "shop", ""));
    declare("");
    world.process().apply();
    world.source.reset(base);
    assertThat(world.process().apply().reports().getFirst().has(Reason.WithdrawalHeld)).isTrue();
    assertThat(world.process().apply().reports().getFirst().has(Reason.WithdrawalHeld)).isTrue();
    assertThat(cluster.fieldsOf(secret("web"))).isPresent();
    assertThat(world.source.settled()).isNotEqualTo(base);
  }

  @Test
  void aDeadNamespaceAndADeadClusterDelayNobodyElse() {
    world.cluster("dead").setAway(true);
    cluster.hangIn("shop");
    declare("");
    OneShotResult result = world.process().apply();
    assertThat(cluster.fieldsOf(secret("web"))).isPresent();
    assertThat(result.targets()).extracting(target -> target.has(Reason.Failed)).contains(true);
    assertThat(result.isUnavailable()).isTrue();
    assertThat(world.source.settled()).isNull();
    cluster.heal("shop");
    world.awaitAudited(4);
  }

  @Test
  void aNamespaceWithManyChangesIsNotTakenForDeadWhileItAnswers() {
    var registries = new StringBuilder(registries());
    var names = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      names.add("extra-" + i);
      registries.append(Harness.registry("extra-" + i, "extra-" + i + ".example"));
      world.secrets.put("secret/extra-" + i, "password", "of the extra registry");
    }
    String environment = environment("production", "shop", "pullSecret: {mode: PerRegistry}");
    String all = "registries: [quay, hub, %s]".formatted(String.join(", ", names));
    world.source.commit(registries + environment.replace("registries: [quay, hub]", all));
    // Longer in all than the second of silence that counts as dead here.
    cluster.afterApplied(_ -> LockSupport.parkNanos(250_000_000));
    OneShotResult result = world.process().apply();
    assertThat(result.reports().getFirst().failures()).isEmpty();
    assertThat(cluster.owned()).isEqualTo(8);
  }

  @Test
  void aForeignSecretInOurPlaceIsAConflictAndStays() {
    cluster.addForeign(secret("shop"));
    declare("");
    CycleReport report = world.process().apply().reports().getFirst();
    assertThat(report.has(Reason.Conflict)).isTrue();
    assertThat(cluster.textOf(secret("shop"), "auths/other.example")).contains("must stay");
  }

  @Test
  void convergesAfterAnApplicationThatDidNotComplete() {
    cluster.failIn("web", new Outcome.Failed(Outcome.FailureReason.Unavailable, "no answer", null));
    declare("");
    OneShotResult first = world.process().apply();
    assertThat(first.reports().getFirst().failures()).isNotEmpty();
    assertThat(first.reports().getFirst().revisions().lastApplied()).isNull();
    cluster.heal("web");
    assertThat(world.process().apply().isIncomplete()).isFalse();
    assertThat(cluster.owned()).isEqualTo(4);
    assertThat(world.source.settled()).isNotNull();
  }

  @Test
  void recordsEveryAppliedChangeWithoutAValue() throws IOException {
    declare("");
    world.process().apply();
    Path file = directory.resolve("audit.jsonl");
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSameSizeAs(cluster.applied());
    assertThat(lines)
        .allSatisfy(line -> assertThat(line).contains("\"applied\"").doesNotContain("first"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void leavesAnOrphanedEnvironmentButNotAnActiveOne() {
    declare("");
    world.process().apply();
    RoundResult active = world.round().run(null, "test");
    assertThat(world.withdrawal().remove("production", active))
        .isInstanceOf(Withdrawal.Ended.Refused.class);
    world.source.commit(registries() + environment("other", "nowhere", ""));
    RoundResult gone = world.round().run(null, "test");
    assertThat(world.withdrawal().remove("production", gone))
        .isInstanceOf(Withdrawal.Ended.Carried.class);
    assertThat(cluster.owned()).isZero();
  }

  @Test
  void keepsTheContentOfAnEnvironmentThatIsLeftBehind() {
    declare("");
    world.process().apply();
    world.source.commit(registries() + environment("other", "nowhere", ""));
    world.withdrawal().keep("production", world.round().run(null, "test"));
    assertThat(cluster.owned()).isZero();
    assertThat(cluster.textOf(secret("shop"), QUAY)).contains("first");
  }
}
