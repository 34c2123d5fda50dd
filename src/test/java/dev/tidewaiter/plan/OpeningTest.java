package dev.tidewaiter.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the guard counts when the allow-list of a host is no longer enforced, or gets shorter.
class OpeningTest {
  private static final ResourceId DENIAL =
      new ResourceId(ResourceKind.DENIAL, "docker", "etc/docker/certs.d/_default/hosts.toml");
  private static final Map<String, String> DENIED = Map.of("denied", "present");

  private final List<ObservedResource> observed = new ArrayList<>();

  @Test
  void sixAdmittedHostsOfTenResourcesGoWithTheirDenial() {
    observe(DENIAL, new Holding.Ours(), DENIED);
    for (int i = 1; i <= 6; i++) {
      observe(hosts("r" + i), new Holding.Ours(), Map.of("endpoint/1", "https://r" + i));
    }
    observe(hosts("secure"), new Holding.Ours(), DENIED);
    var kept = new ArrayList<Resource>();
    for (String user : List.of("alice", "bob")) {
      var id = new ResourceId(ResourceKind.USER_CREDENTIALS, "docker", user);
      observe(id, new Holding.Ours(), Map.of("auths/r1", "present"));
      kept.add(desired(id, "auths/r1"));
    }
    Plan plan = plan(kept);
    assertThat(plan.approval()).isNull();
    assertThat(plan.held()).isEmpty();
    assertThat(plan.changes()).hasSize(8).noneMatch(Change::takesAccess);
  }

  @Test
  void whatIsLeftOfADenialThatIsGoneOpensToo() {
    observe(hosts("quay.io"), new Holding.Ours(), Map.of("endpoint/1", "https://quay.io"));
    assertThat(plan(List.of()).changes()).noneMatch(Change::takesAccess);
  }

  @Test
  void admittedHostIsTakenAccessWhileAllOthersAreRefused() {
    observe(DENIAL, new Holding.Ours(), DENIED);
    observe(hosts("quay.io"), new Holding.Ours(), Map.of("endpoint/1", "https://quay.io"));
    assertThat(plan(List.of(desired(DENIAL, "denied"))).changes()).allMatch(Change::takesAccess);
  }

  @Test
  void denialOfSomebodyElseStands() {
    observe(DENIAL, new Holding.Foreign("stranger", Holding.Adoption.FORBIDDEN), DENIED);
    observe(hosts("quay.io"), new Holding.Ours(), Map.of("endpoint/1", "https://quay.io"));
    assertThat(plan(List.of()).changes()).hasSize(1).allMatch(Change::takesAccess);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authorization/1=sealed",
        "endpoint/2=https://quay.io",
        "endpoint/1=https://quay.io skip-verify",
        "endpoint/1=https://acme.example/v2/hub override-path"
      })
  void whatGaveMoreThanTheBareRegistryIsAccess(String field) {
    observe(DENIAL, new Holding.Ours(), DENIED);
    var fields = new TreeMap<>(Map.of("endpoint/1", "https://quay.io"));
    fields.put(field.replaceFirst("=.*", ""), field.replaceFirst(".*?=", ""));
    observe(hosts("quay.io"), new Holding.Ours(), fields);
    assertThat(plan(List.of()).changes())
        .filteredOn(Change::takesAccess)
        .containsExactly(new Change.Prune(hosts("quay.io")));
  }

  private void observe(ResourceId id, Holding holding, Map<String, String> fields) {
    var ours = new TreeMap<String, ObservedField>();
    boolean own = holding instanceof Holding.Ours;
    fields.forEach(
        (name, text) -> ours.put(name, new ObservedField(new FieldValue.Plain(text), own)));
    observed.add(new ObservedResource(id, holding, ours));
  }

  private Plan plan(List<Resource> desired) {
    return Planner.plan(
        desired, observed, new Restraint(Restraint.Freeze.NOTHING, 20, 25, "", "5f2c", false));
  }

  private static Resource desired(ResourceId id, String field) {
    return new Resource(
        id,
        new TreeMap<>(
            Map.of(
                field, new DesiredField.Known(new FieldValue.Plain("present"), Origin.DECLARED))));
  }

  private static ResourceId hosts(String registry) {
    return new ResourceId(
        ResourceKind.REGISTRY_HOST, "docker", "etc/docker/certs.d/" + registry + "/hosts.toml");
  }
}
