package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.AdditionOrder.Position;
import dev.tidewaiter.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Several registries with one address in one environment.
class AddressRulesTest {
  private static final String A = Trees.registry("a", "docker.io");
  private static final String B = Trees.registry("b", "index.docker.io");
  private static final String C = Trees.registry("c", "docker.io");
  private static final String BOTH = Trees.environment("production", "{registries: [a, b]}");

  private static Loaded load(LoadContext context, String... documents) {
    return new DeclarationLoader().load(Trees.documents(documents), context);
  }

  /// Positions in commits before the newest; who is not named is older than the known history.
  private static AdditionOrder added(Map<String, Integer> commitsAgo) {
    return registries -> {
      Map<String, Position> positions = new TreeMap<>();
      for (String name : registries) {
        Integer position = commitsAgo.get(name);
        positions.put(
            name, position == null ? new Position.Unknown() : new Position.Known(position));
      }
      return positions;
    };
  }

  private static Map<String, Map<String, String>> superseded(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Accepted accepted -> accepted.declarations().superseded();
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  @Test
  void theOneAddedLastServes() {
    var context = LoadContext.applying(null, added(Map.of("a", 7, "b", 3)));
    Loaded loaded = load(context, A, B, BOTH);
    assertThat(superseded(loaded)).isEqualTo(Map.of("production", Map.of("a", "b")));
    assertThat(loaded)
        .isInstanceOfSatisfying(
            Loaded.Accepted.class,
            accepted -> {
              assertThat(accepted.notes())
                  .extracting(Problem::message)
                  .containsExactly("`a` is superseded by `b`, which was added later.");
              assertThat(accepted.declarations().environments().values())
                  .allSatisfy(
                      e ->
                          assertThat(accepted.declarations().serving(e))
                              .extracting(Registry::name)
                              .containsExactly("b"));
            });
  }

  @Test
  void whatIsNotCommittedYetIsTheNewest() {
    var context = LoadContext.validating(null, added(Map.of("a", -1, "b", 0)));
    assertThat(superseded(load(context, A, B, BOTH)))
        .isEqualTo(Map.of("production", Map.of("b", "a")));
  }

  @Test
  void aKnownAdditionIsNewerThanAllThatAreOlderThanTheHistory() {
    String all = Trees.environment("production", "{registries: [a, b, c]}");
    var context = LoadContext.applying(null, added(Map.of("c", 40)));
    assertThat(superseded(load(context, A, B, C, all)))
        .isEqualTo(Map.of("production", Map.of("a", "c", "b", "c")));
  }

  @Test
  void refusesTwoAddedInTheSameCommit() {
    var context = LoadContext.applying(null, added(Map.of("a", 2, "b", 2)));
    assertThat(load(context, A, B, BOTH))
        .isInstanceOfSatisfying(
            Loaded.Rejected.class,
            rejected ->
                assertThat(rejected.problems())
                    .extracting(Problem::message)
                    .containsExactly(
                        "`a`, `b` have the same address, `docker.io`, and were added in the same"
                            + " commit."));
  }

  @Test
  void aTieAmongThoseThatDoNotServeIsNone() {
    String all = Trees.environment("production", "{registries: [a, b, c]}");
    var context = LoadContext.applying(null, added(Map.of("a", 9, "b", 9, "c", 1)));
    assertThat(superseded(load(context, A, B, C, all)))
        .isEqualTo(Map.of("production", Map.of("a", "c", "b", "c")));
  }

  @Test
  void anUnknownOrderIsANoteWhenValidating() {
    Loaded loaded = load(LoadContext.validating(null, AdditionOrder.unknown()), A, B, BOTH);
    assertThat(superseded(loaded)).isEqualTo(Map.of("production", Map.of()));
    assertThat(loaded)
        .isInstanceOfSatisfying(
            Loaded.Accepted.class,
            accepted ->
                assertThat(accepted.notes())
                    .extracting(Problem::message)
                    .containsExactly(
                        "`a`, `b` have the same address, `docker.io`, and which was added last is"
                            + " unknown on a shallow checkout."));
  }

  @Test
  void anUnknownOrderIsAProblemWhenApplying() {
    assertThat(load(LoadContext.applying(null, AdditionOrder.unknown()), A, B, BOTH))
        .isInstanceOf(Loaded.Rejected.class);
  }

  @Test
  void rejectMakesADuplicateAProblem() {
    String strict =
        Trees.environment("production", "{registries: [a, b], duplicateAddresses: Reject}");
    var context = LoadContext.applying(null, added(Map.of("a", 2, "b", 1)));
    assertThat(load(context, A, B, strict)).isInstanceOf(Loaded.Rejected.class);
  }

  @Test
  void asksForNoOrderWithoutDuplicates() {
    AdditionOrder none =
        registries -> {
          throw new AssertionError("must not be asked");
        };
    String inactive =
        B.replace("spec: {", "spec: {state: Inactive, ").replace("index.docker.io", "docker.io");
    var context = LoadContext.applying(null, none);
    String port = Trees.registry("port", "docker.io:443");
    String host = Trees.registry("host", "registry-1.docker.io");
    String all = Trees.environment("production", "{registries: [a, b, port, host]}");
    assertThat(superseded(load(context, A, inactive, port, host, all)))
        .isEqualTo(Map.of("production", Map.of()));
  }

  @Test
  void differentEnvironmentsMayUseDifferentRegistriesOfOneAddress() {
    String one = Trees.environment("one", "{registries: [a]}");
    String two = Trees.environment("two", "{registries: [b]}");
    Loaded loaded = load(LoadContext.applying(null, AdditionOrder.unknown()), A, B, one, two);
    assertThat(superseded(loaded)).isEqualTo(Map.of("one", Map.of(), "two", Map.of()));
  }
}
