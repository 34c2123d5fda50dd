package dev.tidewaiter.desired;

import static dev.tidewaiter.desired.Fixture.cluster;
import static dev.tidewaiter.desired.Fixture.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Environment.Namespaces;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.model.Place;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ScopeIdTest {
  @Test
  void isTheSameInEveryProcess() {
    assertThat(scopeId(_ -> {})).isEqualTo("1de2763ca22b");
  }

  @Test
  void writingTheApprovalDoesNotChangeIt() {
    assertThat(
            scopeId(
                fixture -> {
                  fixture.prune = new Environment.Prune(1, 2, "5f2c00aa11bb/12");
                  fixture.place = new Place("moved.yaml", 12, 3);
                }))
        .isEqualTo(scopeId(_ -> {}));
  }

  @Test
  void secretsAndWhatIsObservedDoNotChangeIt() {
    assertThat(
            scopeId(fixture -> fixture.material.put("quay", Fixture.withheld("vault is sealed"))))
        .isEqualTo(scopeId(_ -> {}));
    var fixture = new Fixture();
    assertThat(fixture.compile(cluster()).scopeId())
        .isEqualTo(fixture.compile(cluster(namespace("shop", "production"))).scopeId());
  }

  @Test
  void orderOfListsDoesNotChangeIt() {
    assertThat(scopeId(fixture -> fixture.namespaces = named("a", "b")))
        .isEqualTo(scopeId(fixture -> fixture.namespaces = named("b", "a")));
  }

  @Test
  void everythingElseThatIsDeclaredChangesIt() {
    List<Consumer<Fixture>> edits =
        List.of(
            _ -> {},
            fixture -> fixture.name = "staging",
            fixture -> fixture.state = Environment.State.RETIRED,
            fixture -> fixture.clusters = List.of(Fixture.TARGET),
            fixture -> fixture.namespaces = named("a", "b"),
            fixture -> fixture.namespaces = named("a, b"),
            fixture -> fixture.mode = Environment.PullSecret.Mode.PER_REGISTRY,
            fixture -> fixture.superseded = Map.of("quay", "hub"),
            fixture -> fixture.declare("quay", "quay.example"),
            fixture -> fixture.declare("third", "third.example"),
            fixture ->
                fixture.declare(
                    "quay",
                    "quay.io",
                    Registry.State.INACTIVE,
                    new Registry.Tls(null, null, false)),
            fixture ->
                fixture.hosts = new Environment.Hosts(Map.of(), List.of("docker"), List.of()),
            fixture -> fixture.hosts = hosts(true, false),
            fixture -> fixture.hosts = hosts(false, true),
            fixture -> fixture.hosts = hosts(true, true));
    assertThat(edits.stream().map(ScopeIdTest::scopeId)).doesNotHaveDuplicates();
  }

  private static Environment.Hosts hosts(boolean node, boolean trustStore) {
    return new Environment.Hosts(
        Map.of(), List.of("docker"), List.of(), node, trustStore, Environment.Unsupported.REJECT);
  }

  private static Namespaces named(String... names) {
    return new Namespaces(false, List.of(names), null, List.of(), List.of());
  }

  private static String scopeId(Consumer<Fixture> edit) {
    var fixture = new Fixture();
    edit.accept(fixture);
    return fixture.compile(cluster(namespace("shop"))).scopeId();
  }
}
