package dev.tidewaiter.testing;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.source.History;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A config repository in memory, with its clone: what was fetched and settled is known to the next
/// process that uses it.
public final class InMemorySource implements Source {
  private final Map<Revision, Commit> commits = new HashMap<>();
  private @Nullable Revision head;
  private @Nullable Revision fetched;
  private @Nullable Revision settled;
  private boolean away;
  private boolean broken;
  private boolean unsettling;
  private @Nullable Revision defective;
  private int snapshots;
  private volatile boolean endless;
  private final Set<Revision> hanging = ConcurrentHashMap.newKeySet();
  private final AtomicInteger waiting = new AtomicInteger();

  private record Commit(@Nullable Revision parent, Map<String, String> files) {}

  /// Adds a commit with one file to the branch.
  public synchronized Revision commit(String yaml) {
    return commit(Map.of("declarations.yaml", yaml));
  }

  /// Adds a commit to the branch.
  public synchronized Revision commit(Map<String, String> files) {
    var revision = new Revision("%040x".formatted(commits.size() + 1));
    commits.put(revision, new Commit(head, files));
    head = revision;
    return revision;
  }

  /// Points the branch at another commit, as a force-push does.
  public synchronized void reset(Revision revision) {
    head = revision;
  }

  /// From now on the remote answers, or it does not.
  public synchronized void setAway(boolean isAway) {
    away = isAway;
  }

  /// From now on fetching ends in a defect, or it does not any more.
  public synchronized void setBroken(boolean isBroken) {
    broken = isBroken;
  }

  /// From now on settling ends in a defect, or it does not any more.
  public synchronized void setUnsettling(boolean isUnsettling) {
    unsettling = isUnsettling;
  }

  /// From now on the reading of a revision ends in an error, as if memory did not suffice.
  public synchronized void spoil(Revision revision) {
    defective = revision;
  }

  /// From now on every revision can be read.
  public synchronized void unspoil() {
    defective = null;
  }

  /// From now on the remote answers without an end, or it does not any more.
  public void setEndless(boolean isEndless) {
    endless = isEndless;
  }

  /// From now on the reading of a revision never ends.
  public void hangOn(Revision revision) {
    hanging.add(revision);
  }

  /// From now on, also where it hangs already, the reading of every revision ends.
  public void resumeAll() {
    hanging.clear();
  }

  /// How many threads wait for what does not end.
  public int waiting() {
    return waiting.get();
  }

  // Everything else must be possible meanwhile, so it holds nothing.
  private void waitWhile(BooleanSupplier isSo) {
    waiting.incrementAndGet();
    while (isSo.getAsBoolean()) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    waiting.decrementAndGet();
  }

  /// How many snapshots were read.
  public synchronized int snapshots() {
    return snapshots;
  }

  @Override
  public Revision fetch() throws SourceException {
    waitWhile(() -> endless);
    return fetchNow();
  }

  private synchronized Revision fetchNow() throws SourceException {
    throwIf(broken);
    Revision current = head;
    if (away || current == null) {
      throw new SourceException("git.example: no answer", null);
    }
    fetched = current;
    return current;
  }

  @Override
  public synchronized Optional<Revision> lastFetched() {
    return Optional.ofNullable(fetched);
  }

  @Override
  public synchronized Optional<Revision> find(String name) {
    return commits.keySet().stream().filter(commit -> commit.id().equals(name)).findFirst();
  }

  @Override
  public Snapshot snapshot(Revision revision) throws SourceException {
    waitWhile(() -> hanging.contains(revision));
    return snapshotNow(revision);
  }

  private synchronized Snapshot snapshotNow(Revision revision) throws SourceException {
    snapshots++;
    if (revision.equals(defective)) {
      throw new OutOfMemoryError("none, as the test wants it");
    }
    List<SnapshotEntry> entries = new ArrayList<>();
    find(revision)
        .files()
        .forEach(
            (path, text) ->
                entries.add(
                    new SnapshotEntry.File(
                        path,
                        Integer.toHexString(text.hashCode()),
                        FileContent.of(text.getBytes(StandardCharsets.UTF_8)))));
    return new Snapshot(revision, entries);
  }

  @Override
  public synchronized History history(Revision of) throws SourceException {
    var line = new ArrayList<Revision>();
    for (Revision next = of; next != null; next = find(next).parent()) {
      line.add(next);
    }
    return new History(line, true);
  }

  @Override
  public synchronized boolean isAncestor(Revision ancestor, Revision of) throws SourceException {
    return history(of).revisions().contains(ancestor);
  }

  @Override
  public synchronized @Nullable Revision settled() {
    return settled;
  }

  @Override
  public synchronized void settle(Revision revision) {
    throwIf(unsettling);
    settled = revision;
  }

  private static void throwIf(boolean isBroken) {
    if (isBroken) {
      throw new IllegalStateException("a defect, as the test wants it");
    }
  }

  @Override
  public void close() {}

  private Commit find(Revision revision) throws SourceException {
    Commit commit = commits.get(revision);
    if (commit == null) {
      throw new SourceException("no such revision: " + revision, null);
    }
    return commit;
  }
}
