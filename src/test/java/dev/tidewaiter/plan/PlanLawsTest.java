package dev.tidewaiter.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Restraint.Freeze;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The laws of the plan over generated states: each holds for every seed, and a failure names the
/// seed that breaks it.
class PlanLawsTest {
  private static final int SEEDS = 2_500;
  private static final List<Freeze> FREEZES = List.of(Freeze.values());
  private static final String SCOPE_ID = "5f2c00aa11bb";
  private static final Restraint FREE =
      new Restraint(Freeze.NOTHING, 1_000, 100, "", SCOPE_ID, false);

  private final Sealer sealer = Sealer.withRandomKey();

  @Test
  void appliedPlanIsFollowedByAnEmptyOneInThisProcessAndTheNext() {
    forEverySeed(
        state -> {
          Plan plan = planOf(state, sealer, FREE);
          state.world().apply(plan.changes(), state.wishes());
          if (adopts(plan)) {
            // What was adopted and is not declared is withdrawn as ours in the cycle after.
            Plan second = planOf(state, sealer, FREE);
            assertThat(second.changes()).allMatch(Change::isWithdrawal);
            state.world().apply(second.changes(), state.wishes());
          }
          assertThat(planOf(state, sealer, FREE).changes()).isEmpty();
          assertThat(planOf(state, Sealer.withRandomKey(), FREE).changes()).isEmpty();
        });
  }

  @Test
  void planningDoesNotDependOnTheOrderOfItsInput() {
    forEverySeed(
        state -> {
          var random = new Random(state.seed());
          var desired = new ArrayList<>(state.desired(sealer));
          var observed = new ArrayList<>(state.world().observed(sealer));
          Restraint restraint = restraint(random);
          Plan plan = Planner.plan(desired, observed, restraint);
          Collections.shuffle(desired, random);
          Collections.shuffle(observed, random);
          assertThat(Planner.plan(desired, observed, restraint)).isEqualTo(plan);
        });
  }

  @Test
  void nothingOutsideTheInventoryIsPrunedOrOverwritten() {
    forEverySeed(
        state -> {
          var before = state.world().copy();
          Plan plan = planOf(state, sealer, FREE);
          state.world().apply(plan.changes(), state.wishes());
          Set<ResourceId> pruned = ids(plan.changes(), Change.Prune.class);
          assertThat(state.world().foreignTexts(Set.of()))
              .containsAllEntriesOf(before.foreignTexts(pruned));
          assertThat(pruned).allMatch(before::isOurs);
        });
  }

  @Test
  void whatIsWithheldHeldOrFrozenIsInNoChange() {
    forEverySeed(
        state -> {
          Plan plan = planOf(state, sealer, restraint(new Random(state.seed())));
          assertThat(plan.changes()).noneMatch(plan.held()::contains);
          assertThat(plan.changes()).noneMatch(plan.frozen()::contains);
          assertThat(plan.held()).allMatch(Change::isWithdrawal);
          if (!plan.held().isEmpty()) {
            assertThat(plan.changes()).noneMatch(Change::takesAccess);
          }
          for (Plan.Withheld withheld : plan.withheld()) {
            assertThat(allChanges(plan)).noneMatch(change -> names(change, withheld));
          }
        });
  }

  @Test
  void onlyAbsenceInGitRemoves() {
    forEverySeed(
        state -> {
          Set<Change> declared = withdrawals(planOf(state, sealer, FREE));
          // Its endpoints mean something together.
          declared.removeIf(
              change ->
                  change.id().kind() == ResourceKind.REGISTRY_HOST
                      && state.wishes().containsKey(change.id()));
          GeneratedState blind = state.withEverythingWithheld();
          assertThat(withdrawals(planOf(blind, sealer, FREE))).isEqualTo(declared);
          blind.world().apply(planOf(blind, sealer, FREE).changes(), blind.wishes());
          assertThat(withdrawals(planOf(blind, sealer, FREE))).isEmpty();
        });
  }

  @Test
  void crashAfterAnyChangeConvergesToTheSameState() {
    forEverySeed(
        state -> {
          World whole = state.world().copy();
          converge(state.over(whole));
          List<Change> changes = planOf(state, sealer, FREE).changes();
          for (int done = 0; done <= changes.size(); done++) {
            World crashed = state.world().copy();
            crashed.apply(changes.subList(0, done), state.wishes());
            converge(state.over(crashed));
            assertThat(crashed).as("after a crash behind change %d", done).isEqualTo(whole);
          }
        });
  }

  @Test
  void approvedWithdrawalsStayApprovedAfterACrash() {
    forEverySeed(
        state -> {
          Plan held = planOf(state, sealer, guarded(""));
          String approval = held.approval();
          if (approval != null) {
            List<Change> changes = planOf(state, sealer, guarded(approval)).changes();
            state.world().apply(changes.subList(0, changes.size() / 2), state.wishes());
            boolean adopted = changes.stream().anyMatch(PlanLawsTest::isAdoption);
            assertThat(adopted || planOf(state, sealer, guarded(approval)).held().isEmpty())
                .isTrue();
          }
        });
  }

  @Test
  void everyResourceThatIsDesiredOrOursIsAccountedFor() {
    forEverySeed(
        state -> {
          List<Resource> desired = state.desired(sealer);
          List<ObservedResource> observed = state.world().observed(sealer);
          Plan plan = Planner.plan(desired, observed, restraint(new Random(state.seed())));
          Stream<ResourceId> ours =
              observed.stream().filter(ObservedResource::hasOurs).map(ObservedResource::id);
          assertThat(Stream.concat(desired.stream().map(Resource::id), ours))
              .isSubsetOf(accountedFor(plan));
        });
  }

  @Test
  void suspensionRefreshesDeliveredTokensOnly() {
    forEverySeed(
        state -> {
          Plan refreshed = planOf(state, sealer, frozen(Freeze.DECLARED));
          assertThat(refreshed.changes()).allMatch(PlanLawsTest::refreshes);
          assertThat(refreshed.held()).isEmpty();
          assertThat(refreshed.changes().stream().map(Change::id))
              .containsExactlyElementsOf(withStaleTokens(planOf(state, sealer, FREE)));
          Plan all = planOf(state, sealer, frozen(Freeze.ALL));
          assertThat(all.changes()).isEmpty();
          assertThat(all.frozen()).isEqualTo(planOf(state, sealer, FREE).changes());
        });
  }

  @Test
  void scopesLeftAloneAreNotTouched() {
    forEverySeed(
        state -> {
          Plan plan =
              Planner.plan(
                  state.desired(sealer), state.world().observed(sealer), FREE, Set.of("shop"));
          assertThat(allChanges(plan)).noneMatch(change -> change.id().scope().equals("shop"));
        });
  }

  /// Guards the other tests: a law over states in which nothing happens proves nothing.
  @Test
  void generatedStatesContainEverySituation() {
    var met = new TreeSet<String>();
    forEverySeed(
        state -> {
          Plan plan = planOf(state, sealer, guarded(""));
          plan.changes().forEach(change -> met.add(change.getClass().getSimpleName()));
          plan.held().forEach(change -> met.add("held " + change.getClass().getSimpleName()));
          plan.withheld().forEach(withheld -> met.add("withheld " + (withheld.field() != null)));
          plan.conflicts().forEach(conflict -> met.add("contested " + conflict.contested()));
          if (adopts(plan)) {
            met.add("adoption");
          }
          if (!withStaleTokens(plan).isEmpty()) {
            met.add("stale token");
          }
        });
    assertThat(met)
        .containsExactly(
            "Create",
            "Prune",
            "Update",
            "adoption",
            "contested false",
            "contested true",
            "held Prune",
            "held Update",
            "stale token",
            "withheld false",
            "withheld true");
  }

  private static void forEverySeed(Consumer<GeneratedState> law) {
    for (long seed = 0; seed < SEEDS; seed++) {
      long tried = seed;
      assertThatCode(() -> law.accept(GeneratedState.of(tried)))
          .as("seed %d", tried)
          .doesNotThrowAnyException();
    }
  }

  private static Plan planOf(GeneratedState state, Sealer sealer, Restraint restraint) {
    return Planner.plan(state.desired(sealer), state.world().observed(sealer), restraint);
  }

  private void converge(GeneratedState state) {
    Plan plan = planOf(state, sealer, FREE);
    for (int cycle = 0; !plan.isEmpty(); cycle++) {
      assertThat(cycle).as("cycles until nothing is left to do").isLessThan(3);
      state.world().apply(plan.changes(), state.wishes());
      plan = planOf(state, sealer, FREE);
    }
  }

  private static Restraint restraint(Random random) {
    Freeze freeze = FREEZES.get(random.nextInt(FREEZES.size()));
    return new Restraint(
        freeze, random.nextInt(6), random.nextInt(101), "", SCOPE_ID, random.nextBoolean());
  }

  private static Restraint guarded(String approve) {
    return new Restraint(Freeze.NOTHING, 0, 0, approve, SCOPE_ID, true);
  }

  private static Restraint frozen(Freeze freeze) {
    return new Restraint(freeze, 0, 0, "", SCOPE_ID, true);
  }

  private static boolean adopts(Plan plan) {
    return plan.changes().stream().anyMatch(PlanLawsTest::isAdoption);
  }

  private static boolean isAdoption(Change change) {
    return change instanceof Change.Update update && update.adopts();
  }

  private static boolean refreshes(Change change) {
    return change instanceof Change.Update update
        && !update.adopts()
        && update.fields().entrySet().stream()
            .allMatch(
                field ->
                    field.getValue() instanceof FieldChange.Replaced
                        && GeneratedState.isMinted(field.getKey()));
  }

  private static List<ResourceId> withStaleTokens(Plan plan) {
    return plan.changes().stream()
        .filter(
            change ->
                change instanceof Change.Update update
                    && !update.adopts()
                    && update.fields().entrySet().stream()
                        .anyMatch(
                            field ->
                                field.getValue() instanceof FieldChange.Replaced
                                    && GeneratedState.isMinted(field.getKey())))
        .map(Change::id)
        .toList();
  }

  private static boolean names(Change change, Plan.Withheld withheld) {
    String field = withheld.field();
    return change.id().equals(withheld.id())
        && switch (change) {
          case Change.Create create -> field == null || create.fields().containsKey(field);
          case Change.Update update -> field == null || update.fields().containsKey(field);
          case Change.Prune _ -> true;
        };
  }

  private static List<Change> allChanges(Plan plan) {
    return Stream.of(plan.changes(), plan.held(), plan.frozen()).flatMap(List::stream).toList();
  }

  private static Set<Change> withdrawals(Plan plan) {
    return new HashSet<>(plan.changes().stream().filter(Change::isWithdrawal).toList());
  }

  private static Set<ResourceId> ids(List<Change> changes, Class<? extends Change> kind) {
    return new HashSet<>(changes.stream().filter(kind::isInstance).map(Change::id).toList());
  }

  private static Set<ResourceId> accountedFor(Plan plan) {
    var ids = new HashSet<>(plan.unchanged());
    allChanges(plan).forEach(change -> ids.add(change.id()));
    plan.withheld().forEach(withheld -> ids.add(withheld.id()));
    plan.conflicts().forEach(conflict -> ids.add(conflict.id()));
    return ids;
  }
}
