package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.AdditionOrder.Position;
import dev.tidewaiter.config.AdditionOrder.Position.Known;
import dev.tidewaiter.config.AdditionOrder.Position.Unknown;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HistoryAdditionOrderTest {
  private static final String A = Trees.registry("a", "quay.io");
  private static final String B = Trees.registry("b", "quay.io");

  private final List<Revision> newestFirst = new ArrayList<>();
  private final Map<Revision, Snapshot> snapshots = new HashMap<>();
  private final KnownPositions known = new KnownPositions();
  private final List<Revision> read = new ArrayList<>();

  /// Adds a commit after those before.
  private void commit(Map<String, String> files) {
    var revision = new Revision("%040x".formatted(newestFirst.size() + 1));
    newestFirst.addFirst(revision);
    snapshots.put(revision, Trees.of(files));
  }

  private Map<String, Position> positions(String... names) {
    return order(true).positionsOf(Set.of(names));
  }

  private AdditionOrder order(boolean complete) {
    return new HistoryAdditionOrder(newestFirst, complete, this::snapshotAt, known);
  }

  private Snapshot snapshotAt(Revision revision) {
    read.add(revision);
    Snapshot snapshot = snapshots.get(revision);
    if (snapshot == null) {
      throw new AssertionError("not a commit of this history: " + revision);
    }
    return snapshot;
  }

  @Test
  void countsFromTheCommitThatAdded() {
    commit(Map.of("a.yaml", A));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    commit(Map.of("a.yaml", A, "b.yaml", B, "c.yaml", "# note"));
    assertThat(positions("a", "b")).isEqualTo(Map.of("a", new Known(2), "b", new Known(1)));
  }

  @Test
  void movesEditsAndReactivationsDoNotCount() {
    commit(Map.of("a.yaml", A));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    commit(Map.of("moved/x.yaml", A.replace("spec: {", "spec: {state: Inactive, "), "b.yaml", B));
    commit(Map.of("moved/x.yaml", A, "b.yaml", B));
    assertThat(positions("a", "b")).isEqualTo(Map.of("a", new Known(3), "b", new Known(2)));
  }

  @Test
  void aBreakCounts() {
    commit(Map.of("a.yaml", A));
    commit(Map.of("b.yaml", B));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    assertThat(positions("a", "b")).isEqualTo(Map.of("a", new Known(0), "b", new Known(1)));
  }

  @Test
  void aCommitThatCannotBeReadIsNoBreak() {
    commit(Map.of("a.yaml", A));
    commit(Map.of("a.yaml", "a: [", "b.yaml", B));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    assertThat(positions("a", "b")).isEqualTo(Map.of("a", new Known(2), "b", new Known(1)));
  }

  @Test
  void anotherKindOfTheSameNameDoesNotCount() {
    commit(Map.of("e.yaml", Trees.environment("a", "{}")));
    commit(Map.of("e.yaml", Trees.environment("a", "{}"), "a.yaml", A));
    assertThat(positions("a")).isEqualTo(Map.of("a", new Known(0)));
  }

  @Test
  void whatIsNotCommittedYetIsBeforeTheNewestCommit() {
    commit(Map.of("a.yaml", A));
    assertThat(positions("a", "b")).isEqualTo(Map.of("a", new Known(0), "b", new Known(-1)));
  }

  @Test
  void aShallowHistoryKnowsOnlyWhatItSawBeginning() {
    commit(Map.of("a.yaml", A));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    assertThat(order(false).positionsOf(Set.of("a", "b")))
        .isEqualTo(Map.of("a", new Unknown(), "b", new Known(0)));
  }

  @Test
  void withoutAnyCommitNothingIsKnown() {
    assertThat(positions("a")).isEqualTo(Map.of("a", new Unknown()));
  }

  @Test
  void readsNoFurtherThanNeeded() {
    for (int i = 0; i < 50; i++) {
      commit(Map.of("x.yaml", Trees.registry("x", "x.example")));
    }
    commit(Map.of("a.yaml", A));
    assertThat(positions("a")).isEqualTo(Map.of("a", new Known(0)));
    assertThat(read).hasSize(2);
  }

  @Test
  void readsNoFurtherThanToTheRevisionItWasLastAskedAt() {
    commit(Map.of("a.yaml", A));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    commit(Map.of("a.yaml", A, "b.yaml", B, "c.yaml", "# note"));
    positions("a", "b");
    read.clear();
    commit(Map.of("a.yaml", A, "b.yaml", B));
    AdditionOrder order = order(true);
    assertThat(order.positionsOf(Set.of("a"))).isEqualTo(Map.of("a", new Known(3)));
    assertThat(order.positionsOf(Set.of("b"))).isEqualTo(Map.of("b", new Known(2)));
    assertThat(read).containsOnly(newestFirst.getFirst());
  }

  @Test
  void aBreakAfterTheRevisionItWasLastAskedAtCounts() {
    commit(Map.of("a.yaml", A, "b.yaml", B));
    positions("a", "b");
    commit(Map.of("b.yaml", B));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    assertThat(positions("a", "b")).isEqualTo(Map.of("a", new Known(0), "b", new Known(2)));
  }

  @Test
  void whatWasNotAskedForIsReadFromTheHistory() {
    commit(Map.of("a.yaml", A));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    positions("b");
    commit(Map.of("a.yaml", A, "b.yaml", B));
    assertThat(positions("a", "b")).isEqualTo(Map.of("a", new Known(2), "b", new Known(1)));
  }

  @Test
  void anotherLineIsReadFromItsOwnHistory() {
    commit(Map.of("a.yaml", A));
    commit(Map.of("a.yaml", A, "b.yaml", B));
    positions("a", "b");
    newestFirst.removeFirst();
    commit(Map.of("b.yaml", B));
    snapshots.put(new Revision("f".repeat(40)), Trees.of(Map.of("a.yaml", A, "b.yaml", B)));
    newestFirst.set(0, new Revision("f".repeat(40)));
    assertThat(positions("a", "b")).isEqualTo(Map.of("a", new Known(1), "b", new Known(0)));
  }
}
