package dev.tidewaiter.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The order of changes of admission policies, and which of them the guard counts.
class AdmissionChangeTest {
  private static final ResourceId ALLOW = id(ResourceKind.ALLOW_POLICY, "p");
  private static final ResourceId BINDING = id(ResourceKind.ALLOW_BINDING, "p.names");
  private static final ResourceId DEFAULT = id(ResourceKind.DEFAULT_POLICY, "p");
  private static final Map<String, String> MIRROR = Map.of("default", "mirror.example/hub Keep");
  private static final Map<String, String> HUB =
      Map.of("limited", "true", "allow/docker.io", "present");
  private static final Map<String, String> BOTH =
      Map.of("limited", "true", "allow/docker.io", "present", "allow/mirror.example", "present");
  private static final Map<String, String> DENY = Map.of("actions", "Deny Audit");

  @Test
  void anEntryGoesInBeforeTheDefaultRegistryThatNeedsItAndOtherRulesAfter() {
    var inactive = new TreeMap<>(BOTH);
    inactive.put("inactive/old.example", "old");
    Plan plan =
        plan(Map.of(ALLOW, inactive, DEFAULT, MIRROR, BINDING, DENY), Map.of(ALLOW, HUB), free());
    assertThat(plan.changes())
        .containsExactly(
            update(ALLOW, Map.of("allow/mirror.example", added("present"))),
            new Change.Create(DEFAULT, values(MIRROR)),
            update(ALLOW, Map.of("inactive/old.example", added("old"))),
            new Change.Create(BINDING, values(DENY)));
  }

  @Test
  void anEntryGoesOutAfterTheDefaultRegistryThatNeededIt() {
    Plan plan =
        plan(Map.of(ALLOW, HUB), Map.of(ALLOW, BOTH, DEFAULT, MIRROR, BINDING, DENY), free());
    assertThat(plan.changes())
        .containsExactly(
            new Change.Prune(BINDING),
            new Change.Prune(DEFAULT),
            update(ALLOW, Map.of("allow/mirror.example", dropped("present"))));
  }

  @Test
  void aListBeginsAndEndsInOneChange() {
    Map<String, String> none = Map.of("inactive/old.example", "old");
    assertThat(plan(Map.of(ALLOW, HUB), Map.of(ALLOW, none), free()).changes())
        .containsExactly(
            update(ALLOW, Map.of("limited", added("true"), "allow/docker.io", added("present"))),
            update(ALLOW, Map.of("inactive/old.example", dropped("old"))));
    assertThat(plan(Map.of(ALLOW, none), Map.of(ALLOW, HUB), free()).changes())
        .containsExactly(
            update(ALLOW, Map.of("inactive/old.example", added("old"))),
            update(
                ALLOW, Map.of("limited", dropped("true"), "allow/docker.io", dropped("present"))));
  }

  @Test
  void theGuardLetsDenialsGoAndHoldsWhatTakesAccess() {
    var exempt = new TreeMap<>(BOTH);
    exempt.put("exempt/ci", "present");
    exempt.put("inactive/old.example", "old");
    Map<ResourceId, Map<String, String>> observed =
        Map.of(ALLOW, exempt, DEFAULT, MIRROR, BINDING, DENY);
    Plan opened = plan(Map.of(ALLOW, BOTH, DEFAULT, MIRROR), observed, guarded());
    assertThat(opened.held()).isEmpty();
    assertThat(opened.changes()).hasSize(2).noneMatch(Change::takesAccess);
    Plan gone = plan(Map.of(), observed, guarded());
    assertThat(gone.held()).containsExactly(new Change.Prune(DEFAULT));
    assertThat(gone.approval()).isEqualTo("5f2c/1");
    assertThat(gone.changes()).containsExactly(new Change.Prune(BINDING), new Change.Prune(ALLOW));
    Plan fewer = plan(Map.of(ALLOW, HUB, DEFAULT, MIRROR, BINDING, DENY), observed, guarded());
    assertThat(fewer.held())
        .containsExactly(update(ALLOW, Map.of("allow/mirror.example", dropped("present"))));
    assertThat(fewer.changes())
        .containsExactly(
            update(
                ALLOW,
                Map.of("exempt/ci", dropped("present"), "inactive/old.example", dropped("old"))));
  }

  @Test
  void whatOthersWroteIntoAPolicyIsNoAccess() {
    var edited = new TreeMap<>(MIRROR);
    edited.put("spec", "edited");
    Plan plan = plan(Map.of(DEFAULT, MIRROR), Map.of(DEFAULT, edited), guarded());
    assertThat(plan.changes()).containsExactly(update(DEFAULT, Map.of("spec", dropped("edited"))));
    assertThat(plan.held()).isEmpty();
  }

  private static Restraint free() {
    return new Restraint(Restraint.Freeze.NOTHING, 20, 25, "", "5f2c", false);
  }

  private static Restraint guarded() {
    return new Restraint(Restraint.Freeze.NOTHING, 0, 0, "", "5f2c", false);
  }

  private static Plan plan(
      Map<ResourceId, Map<String, String>> desired,
      Map<ResourceId, Map<String, String>> observed,
      Restraint restraint) {
    return Planner.plan(
        desired.entrySet().stream()
            .map(resource -> new Resource(resource.getKey(), known(resource.getValue())))
            .toList(),
        observed.entrySet().stream()
            .map(
                resource ->
                    new ObservedResource(
                        resource.getKey(), new Holding.Ours(), ours(resource.getValue())))
            .toList(),
        restraint,
        Set.of());
  }

  private static SortedMap<String, DesiredField> known(Map<String, String> fields) {
    var known = new TreeMap<String, DesiredField>();
    values(fields)
        .forEach((name, value) -> known.put(name, new DesiredField.Known(value, Origin.DECLARED)));
    return known;
  }

  private static SortedMap<String, ObservedField> ours(Map<String, String> fields) {
    var ours = new TreeMap<String, ObservedField>();
    values(fields).forEach((name, value) -> ours.put(name, new ObservedField(value, true)));
    return ours;
  }

  private static SortedMap<String, FieldValue> values(Map<String, String> fields) {
    var values = new TreeMap<String, FieldValue>();
    fields.forEach((name, text) -> values.put(name, new FieldValue.Plain(text)));
    return values;
  }

  private static Change update(ResourceId id, Map<String, FieldChange> fields) {
    return new Change.Update(id, new TreeMap<>(fields), false);
  }

  private static FieldChange added(String text) {
    return new FieldChange.Added(new FieldValue.Plain(text));
  }

  private static FieldChange dropped(String text) {
    return new FieldChange.Dropped(new FieldValue.Plain(text));
  }

  private static ResourceId id(ResourceKind kind, String name) {
    return new ResourceId(kind, ResourceId.CLUSTER_WIDE, name);
  }
}
