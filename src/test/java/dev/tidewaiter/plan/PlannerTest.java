package dev.tidewaiter.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Restraint.Freeze;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What the scenarios do not show: seals of one process, mistakes of callers, and texts that would
/// steer a terminal.
class PlannerTest {
  private static final Restraint FREE = new Restraint(Freeze.NOTHING, 20, 25, "", "scope", false);
  private static final ResourceId SECRET =
      new ResourceId(ResourceKind.PULL_SECRET, "shop", "registry-credentials");
  private static final String FIELD = "auths/quay.io";

  private final Sealer sealer = Sealer.withRandomKey();

  @Test
  void sealsOfTheSameSecretAreUnchangedAndOfAnotherAreReplaced() {
    ObservedResource observed = observed(new Holding.Ours(), sealed("before"));

    assertThat(plan(known(sealed("before")), observed).unchanged()).containsExactly(SECRET);
    assertThat(plan(known(sealed("after")), observed).changes())
        .containsExactly(
            new Change.Update(
                SECRET,
                new TreeMap<>(
                    Map.of(FIELD, new FieldChange.Replaced(sealed("before"), sealed("after")))),
                false));
  }

  @Test
  void tokenIsNotRefreshedForAnotherEndpointThatHasItsNumber() {
    var id = new ResourceId(ResourceKind.REGISTRY_HOST, "docker", "quay.io/hosts.toml");
    var desired =
        new Resource(
            id,
            new TreeMap<>(
                Map.of(
                    "authorization/1",
                    new DesiredField.Known(sealed("fresh"), Origin.MINTED),
                    "endpoint/1",
                    declared("https://mirror.example"))));
    var observed =
        new ObservedResource(
            id,
            new Holding.Ours(),
            new TreeMap<>(
                Map.of(
                    "authorization/1", new ObservedField(sealed("stale"), true),
                    "endpoint/1",
                        new ObservedField(new FieldValue.Plain("https://quay.io"), true))));
    var suspended = new Restraint(Freeze.DECLARED, 20, 25, "", "scope", false);

    assertThat(Planner.plan(List.of(desired), List.of(observed), suspended).changes()).isEmpty();
    assertThat(Planner.plan(List.of(desired), List.of(observed), FREE).changes())
        .singleElement()
        .isInstanceOfSatisfying(
            Change.Update.class,
            update ->
                assertThat(update.fields()).containsOnlyKeys("authorization/1", "endpoint/1"));
  }

  @Test
  void noEndpointIsTakenAwayWhileThoseDeclaredAreNotKnown() {
    var id = new ResourceId(ResourceKind.REGISTRY_HOST, "docker", "quay.io/hosts.toml");
    var withheld = new DesiredField.Withheld("Vault is sealed");
    var desired = new Resource(id, new TreeMap<>(Map.of("endpoint/1", withheld)));
    var observed =
        new ObservedResource(
            id,
            new Holding.Ours(),
            new TreeMap<>(
                Map.of(
                    "endpoint/1",
                        new ObservedField(new FieldValue.Plain("https://mirror.example"), true),
                    "endpoint/2",
                        new ObservedField(new FieldValue.Plain("https://quay.io"), true))));

    Plan plan = Planner.plan(List.of(desired), List.of(observed), FREE);

    assertThat(plan.changes()).isEmpty();
    assertThat(plan.withheld()).hasSize(1);
  }

  private static DesiredField declared(String text) {
    return new DesiredField.Known(new FieldValue.Plain(text), Origin.DECLARED);
  }

  @Test
  void plainTextInThePlaceOfASecretIsReplaced() {
    ObservedResource observed = observed(new Holding.Ours(), new FieldValue.Plain("malformed"));
    assertThat(plan(known(sealed("after")), observed).changes()).hasSize(1);
  }

  @Test
  void resourceOfAnotherEnvironmentThatIsNotDesiredIsNoneOfOurs() {
    ObservedResource observed = observed(new Holding.Elsewhere("environment b"), sealed("theirs"));
    Plan plan = Planner.plan(List.of(), List.of(observed), FREE);
    assertThat(plan)
        .isEqualTo(
            new Plan(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null));
  }

  @Test
  void sameResourceTwiceIsABug() {
    Resource resource = known(sealed("a"));
    assertThatThrownBy(() -> Planner.plan(List.of(resource, resource), List.of(), FREE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(SECRET.toString());
  }

  @Test
  void frozenWithdrawalsNeedNoApproval() {
    var restraint = new Restraint(Freeze.DECLARED, 0, 0, "", "scope", true);
    ObservedResource observed = observed(new Holding.Ours(), sealed("a"));
    Plan plan = Planner.plan(List.of(), List.of(observed), restraint);
    assertThat(plan.frozen()).containsExactly(new Change.Prune(SECRET));
    assertThat(plan.approval()).isNull();
  }

  @Test
  void textShowsNeitherSealsNorControlCharacters() {
    var foreign =
        new Holding.Foreign("A Secret of \u001b[31mmallory\u009b", Holding.Adoption.FORBIDDEN);
    Plan conflict = plan(known(sealed("a")), observed(foreign, sealed("b")));
    assertThat(PlanText.of(conflict))
        .contains("A Secret of \\u001b[31mmallory\\u009b")
        .doesNotContain("\u001b");

    Plan create = Planner.plan(List.of(known(sealed("a"))), List.of(), FREE);
    String digest = ((FieldValue.Sealed) sealed("a")).seal().digest();
    assertThat(PlanText.of(create) + PlanMarkdown.of("t", create) + create)
        .doesNotContain(digest.substring(0, 8));
  }

  @Test
  void markdownMarksChangesForADiffBlockAndSaysHowToApprove() {
    var restraint = new Restraint(Freeze.NOTHING, 0, 25, "", "scope", false);
    var prunable =
        new ObservedResource(
            new ResourceId(ResourceKind.PULL_SECRET, "stock", "old"),
            new Holding.Ours(),
            new TreeMap<>());
    Plan plan =
        Planner.plan(
            List.of(known(sealed("after"))),
            List.of(observed(new Holding.Ours(), sealed("before")), prunable),
            restraint);
    assertThat(PlanMarkdown.of("production on prod-eu", plan))
        .isEqualTo(
            """
            ### production on prod-eu

            **0 to create, 1 to update, 0 to prune; 0 unchanged, 1 held**

            <details><summary>Changes</summary>

            ```diff
            ! Secret/shop/registry-credentials
            !     auths/quay.io: *** (changed)
            ```

            </details>

            <details><summary>Held until approved</summary>

            ```diff
            - Secret/stock/old
            ```

            </details>

            To release them, write under `spec.prune` of the environment:

            ```yaml
            approve: "scope/1"
            ```
            """);
  }

  private static Plan plan(Resource desired, ObservedResource observed) {
    return Planner.plan(List.of(desired), List.of(observed), FREE);
  }

  private static Resource known(FieldValue value) {
    return new Resource(
        SECRET, new TreeMap<>(Map.of(FIELD, new DesiredField.Known(value, Origin.DECLARED))));
  }

  private static ObservedResource observed(Holding holding, FieldValue value) {
    boolean ours = holding instanceof Holding.Ours;
    return new ObservedResource(
        SECRET, holding, new TreeMap<>(Map.of(FIELD, new ObservedField(value, ours))));
  }

  private FieldValue sealed(String text) {
    return new FieldValue.Sealed(sealer.seal(SECRET, FIELD, Secret.of(text)));
  }
}
