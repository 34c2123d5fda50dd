package dev.tidewaiter.reconcile.activation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Planner;
import dev.tidewaiter.plan.Restraint;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The laws of held denials over generated policies: each holds for every seed.
class TighteningLawsTest {
  private static final int SEEDS = 3_000;
  private static final String POLICY = PolicyNames.policy("prod", "production");
  private static final List<String> IMAGES =
      List.of("nginx", "r0.io/a", "r1.io/a", "r2.io/a", "old0.io/a", "old1.io/a");
  private static final Restraint FREE =
      new Restraint(Restraint.Freeze.NOTHING, 1_000, 100, "", "5f2c", false);

  @Test
  void whatIsHeldIsInNoChange() {
    forEverySeed(
        scene -> {
          Plan held = scene.held();
          Set<String> carriedOut = fields(held.changes());
          assertThat(fields(held.denials())).noneMatch(carriedOut::contains);
          assertThat(fields(scene.plan().changes()))
              .hasSameSizeAs(Set.copyOf(join(carriedOut, fields(held.denials()))));
        });
  }

  @Test
  void aHeldPlanThatIsAppliedIsPlannedAndHeldAgain() {
    forEverySeed(
        scene -> {
          Plan held = scene.held();
          scene.apply(held.changes());
          Plan again = scene.held();
          assertThat(again.changes()).isEmpty();
          assertThat(Set.copyOf(again.denials())).isEqualTo(Set.copyOf(held.denials()));
        });
  }

  @Test
  void whatIsInForceStaysAndNothingElseIsDenied() {
    forEverySeed(
        scene -> {
          Set<String> before = scene.denied();
          Set<String> declared = deniedBy(scene.desired);
          Plan held = scene.held();
          scene.apply(held.changes());
          Set<String> after = scene.denied();
          assertThat(before).containsAll(after);
          Set<String> both = new HashSet<>(before);
          both.retainAll(declared);
          assertThat(after).containsAll(both);
        });
  }

  @Test
  void aPlanThatDeniesNothingNewHasNothingToHoldUnlessInDoubt() {
    forEverySeed(
        scene -> {
          Tightening tightening = scene.tightening();
          Set<String> before = scene.denied();
          boolean tightens = !before.containsAll(deniedBy(scene.desired));
          if (tightens) {
            assertThat(tightening.isIn(scene.plan())).isTrue();
          }
        });
  }

  @Test
  void addedEntriesAndAWithdrawnPolicyAreNeverHeld() {
    var one = new RuleBook("production", "p", prefixes("r0.io"), new TreeMap<>());
    var two = new RuleBook("production", "p", prefixes("r0.io", "r1.io"), new TreeMap<>());
    List<Clause> shop = List.of(new Clause.Names(List.of("shop")));
    var none = new Exemption(List.of(), List.of());
    var more = new Scene(objects(one, none, shop), objects(two, none, shop));
    assertThat(more.tightening().isIn(more.plan())).isFalse();
    assertThat(more.held().denials()).isEmpty();
    var gone = new Scene(objects(one, none, shop), new TreeMap<>());
    assertThat(gone.tightening().isIn(gone.plan())).isFalse();
    assertThat(gone.held().denials()).isEmpty();
    var fewer = new Scene(objects(two, none, shop), objects(one, none, shop));
    assertThat(fewer.held().denials()).hasSize(1);
  }

  @Test
  void aBindingThatAnotherReplacesWaitsWithIt() {
    var rules = new RuleBook("production", "p", prefixes("r0.io"), new TreeMap<>());
    var none = new Exemption(List.of(), List.of());
    var scene =
        new Scene(
            objects(rules, none, List.of(new Clause.Names(List.of("shop")))),
            objects(rules, none, List.of(new Clause.All())));
    assertThat(scene.held().changes()).isEmpty();
    assertThat(scene.held().denials()).hasSize(2);
  }

  private static void forEverySeed(Consumer<Scene> law) {
    for (long seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      var scene = new Scene(generated(random), generated(random));
      try {
        law.accept(scene);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /// What is there, and what is declared.
  private static final class Scene {
    private final SortedMap<ResourceId, SortedMap<String, String>> world;
    private final SortedMap<ResourceId, SortedMap<String, String>> desired;

    Scene(
        SortedMap<ResourceId, SortedMap<String, String>> world,
        SortedMap<ResourceId, SortedMap<String, String>> desired) {
      this.world = world;
      this.desired = desired;
    }

    Plan plan() {
      var resources = new ArrayList<Resource>();
      desired.forEach((id, fields) -> resources.add(new Resource(id, known(fields))));
      return Planner.plan(resources, observed(world), FREE);
    }

    Tightening tightening() {
      return new Tightening(
          Policies.of("prod", "production"), Enforced.of(POLICY, observed(world)));
    }

    Plan held() {
      return tightening().hold(plan());
    }

    Set<String> denied() {
      return deniedBy(world);
    }

    void apply(List<Change> changes) {
      for (Change change : changes) {
        switch (change) {
          case Change.Create(var id, var fields) -> {
            var texts = new TreeMap<String, String>();
            fields.forEach((name, value) -> texts.put(name, text(value)));
            world.put(id, texts);
          }
          case Change.Prune(var id, _) -> world.remove(id);
          case Change.Update(var id, var fields, _) ->
              fields.forEach(field(requireNonNull(world.get(id))));
        }
        // Every state on the way is one that a target can render.
        world.forEach((id, fields) -> PolicyObject.read(id.kind(), fields));
      }
    }
  }

  private static BiConsumer<String, FieldChange> field(SortedMap<String, String> fields) {
    return (name, change) -> {
      switch (change) {
        case FieldChange.Added(FieldValue after) -> fields.put(name, text(after));
        case FieldChange.Replaced(_, FieldValue after) -> fields.put(name, text(after));
        case FieldChange.Dropped _ -> fields.remove(name);
      }
    };
  }

  /// `namespace image` of all that is denied.
  private static Set<String> deniedBy(SortedMap<ResourceId, SortedMap<String, String>> objects) {
    Enforced enforced = Enforced.of(POLICY, observed(objects));
    var denied = new HashSet<String>();
    for (String name : List.of("shop", "stock", "team-a", "ci")) {
      var namespace =
          new Surroundings.Namespace(
              name,
              name.equals("ci") ? Map.of() : Map.of("team", name.substring(0, 1)),
              "",
              false,
              List.of(),
              List.of());
      IMAGES.stream()
          .filter(
              image ->
                  enforced
                      .in(namespace)
                      .filter(regime -> !regime.judge(image).isAllowed())
                      .isPresent())
          .forEach(image -> denied.add(name + " " + image));
    }
    return denied;
  }

  private static SortedMap<ResourceId, SortedMap<String, String>> generated(Random random) {
    if (random.nextInt(8) == 0) {
      return new TreeMap<>();
    }
    var inactive = new TreeMap<RegistryAddress, String>();
    some(random, "old0.io", "old1.io").forEach(a -> inactive.put(new RegistryAddress(a), "old"));
    List<String> allowed = some(random, "r0.io", "r1.io", "r2.io", "docker.io");
    var rules =
        new RuleBook(
            "production",
            random.nextInt(4) == 0 ? "" : "p" + random.nextInt(2),
            allowed.isEmpty() ? null : prefixes(allowed.toArray(String[]::new)),
            inactive);
    var exemption =
        new Exemption(
            some(random, "ci", "team-*"), random.nextInt(4) == 0 ? List.of("s*") : List.of());
    var clauses = new ArrayList<Clause>();
    List<String> names = some(random, "shop", "stock", "ci");
    if (!names.isEmpty()) {
      clauses.add(new Clause.Names(names));
    }
    if (random.nextInt(3) == 0) {
      clauses.add(new Clause.Labels(Map.of("team", random.nextBoolean() ? "s" : "t")));
    }
    if (clauses.isEmpty()) {
      clauses.add(new Clause.All());
    }
    return objects(rules, exemption, clauses);
  }

  private static SortedMap<ResourceId, SortedMap<String, String>> objects(
      RuleBook rules, Exemption exemption, List<Clause> clauses) {
    var objects = new TreeMap<ResourceId, SortedMap<String, String>>();
    if (rules.isOpen()) {
      return objects;
    }
    objects.put(
        id(ResourceKind.ALLOW_POLICY, POLICY),
        new PolicyObject.Allow(rules, exemption, null).fields());
    var all = new ArrayList<>(clauses);
    all.add(new Clause.Proof("production"));
    for (Clause clause : all) {
      String word = clause.getClass().getSimpleName().toLowerCase(Locale.ROOT);
      objects.put(
          id(ResourceKind.ALLOW_BINDING, PolicyNames.binding(POLICY, word)),
          new PolicyObject.AllowBinding(POLICY, clause, PolicyObject.Actions.DENY).fields());
    }
    return objects;
  }

  private static ResourceId id(ResourceKind kind, String name) {
    return new ResourceId(kind, ResourceId.CLUSTER_WIDE, name);
  }

  private static List<RepositoryPrefix> prefixes(String... texts) {
    return Stream.of(texts).map(RepositoryPrefix::parse).toList();
  }

  private static List<String> some(Random random, String... of) {
    return Stream.of(of).filter(_ -> random.nextBoolean()).sorted().toList();
  }

  private static SortedMap<String, DesiredField> known(SortedMap<String, String> fields) {
    var known = new TreeMap<String, DesiredField>();
    fields.forEach(
        (name, text) ->
            known.put(
                name,
                new DesiredField.Known(new FieldValue.Plain(text), DesiredField.Origin.DECLARED)));
    return known;
  }

  private static List<ObservedResource> observed(
      SortedMap<ResourceId, SortedMap<String, String>> objects) {
    var observed = new ArrayList<ObservedResource>();
    objects.forEach(
        (id, texts) -> {
          var fields = new TreeMap<String, ObservedField>();
          texts.forEach(
              (name, text) ->
                  fields.put(name, new ObservedField(new FieldValue.Plain(text), true)));
          observed.add(new ObservedResource(id, new Holding.Ours(), fields));
        });
    return observed;
  }

  /// `kind name field` of all that changes touch.
  private static Set<String> fields(List<Change> changes) {
    var fields = new HashSet<String>();
    for (Change change : changes) {
      switch (change) {
        case Change.Create(var id, _) -> fields.add(id + " created");
        case Change.Prune(var id, _) -> fields.add(id + " pruned");
        case Change.Update(var id, var updated, _) ->
            updated.keySet().forEach(name -> fields.add(id + " " + name));
      }
    }
    return fields;
  }

  private static Set<String> join(Set<String> one, Set<String> other) {
    var all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }

  private static String text(FieldValue value) {
    return ((FieldValue.Plain) value).text();
  }
}
