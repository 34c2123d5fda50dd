package dev.tidewaiter.config;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// The order of additions, found by reading the first-parent line backwards.
///
/// A revision in which a file cannot be read says nothing about a name that is in none of its other
/// files: it is no break. Nothing is read before the first question, no further than needed, and
/// each content once, in whatever files and revisions it stands.
///
/// Not safe for use by several threads.
public final class HistoryAdditionOrder implements AdditionOrder {
  private final List<Revision> newestFirst;
  private final boolean complete;
  private final Function<Revision, Snapshot> snapshots;
  private final KnownPositions known;
  private final KnownPositions.At before;
  private final Map<String, Names> byContent = new HashMap<>();

  /// @param newestFirst the first-parent line that ends at the revision to load; empty if there is
  ///   none
  /// @param complete whether its last one has no parent; false on a shallow checkout
  /// @param snapshots reads one of these revisions; what it throws passes through
  /// @param known what earlier orders found in this repository
  public HistoryAdditionOrder(
      List<Revision> newestFirst,
      boolean complete,
      Function<Revision, Snapshot> snapshots,
      KnownPositions known) {
    this.newestFirst = List.copyOf(newestFirst);
    this.complete = complete;
    this.snapshots = snapshots;
    this.known = known;
    this.before = known.newest();
  }

  /// The registries that files declare.
  ///
  /// @param complete false if a file could not be read to its end
  private record Names(Set<String> names, boolean complete) {}

  @Override
  public Map<String, Position> positionsOf(Set<String> registries) {
    Map<String, Position> positions = new TreeMap<>();
    Map<String, Integer> lastSeen = new HashMap<>();
    Set<String> open = new TreeSet<>(registries);
    open.forEach(name -> lastSeen.put(name, -1));
    for (int i = 0; i < newestFirst.size() && !open.isEmpty(); i++) {
      if (newestFirst.get(i).equals(before.revision())) {
        goOnFrom(i, open, lastSeen, positions);
        if (open.isEmpty()) {
          break;
        }
      }
      Names names = namesAt(newestFirst.get(i));
      for (String name : List.copyOf(open)) {
        if (names.names().contains(name)) {
          lastSeen.put(name, i);
        } else if (names.complete()) {
          open.remove(name);
          positions.put(name, position(lastSeen, name));
        }
      }
    }
    boolean toTheRoot = complete && !newestFirst.isEmpty();
    open.forEach(
        name -> positions.put(name, toTheRoot ? position(lastSeen, name) : new Position.Unknown()));
    if (!newestFirst.isEmpty()) {
      known.learn(newestFirst.getFirst(), positions);
    }
    return positions;
  }

  /// Settles what is known at the revision that is so many commits ago.
  private void goOnFrom(
      int commitsAgo,
      Set<String> open,
      Map<String, Integer> lastSeen,
      Map<String, Position> positions) {
    before
        .positions()
        .forEach(
            (name, there) -> {
              if (open.remove(name)) {
                boolean wasThere = there.commitsAgo() >= 0;
                positions.put(
                    name,
                    wasThere
                        ? new Position.Known(commitsAgo + there.commitsAgo())
                        : position(lastSeen, name));
              }
            });
  }

  private static Position position(Map<String, Integer> lastSeen, String name) {
    return new Position.Known(lastSeen.getOrDefault(name, -1));
  }

  private Names namesAt(Revision revision) {
    Set<String> names = new TreeSet<>();
    boolean all = true;
    for (SnapshotEntry entry : snapshots.apply(revision).entries()) {
      switch (entry) {
        case SnapshotEntry.File file -> {
          Names inFile = byContent.computeIfAbsent(file.contentId(), _ -> namesIn(file));
          names.addAll(inFile.names());
          all &= inFile.complete();
        }
        case SnapshotEntry.TooLarge _, SnapshotEntry.TooMany _, SnapshotEntry.SymbolicLink _ ->
            all = false;
      }
    }
    return new Names(names, all);
  }

  private static Names namesIn(SnapshotEntry.File file) {
    Documents documents = YamlReader.read(file.path(), file.content().bytes());
    Set<String> names = new TreeSet<>();
    documents.documents().stream()
        .filter(d -> d.isOurs() && d.kind().equals(Kind.REGISTRY.word()))
        .forEach(d -> names.add(d.name()));
    return new Names(names, documents.complete());
  }
}
