package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Changes files of the host together with the record of them.
///
/// The order makes a crash harmless at any point: the record of the intent is on disk before the
/// file changes, it claims at least what the file contains, and it is narrowed only afterwards. So
/// nothing of ours is ever without a record, and the next application, which starts from what it
/// reads, arrives at the same end.
public final class FileChanges {
  private final HostFiles files;
  private final StateStore store;

  public FileChanges(HostFiles files, StateStore store) {
    this.files = files;
    this.store = store;
  }

  public Optional<HostFile> read(HostPath path) throws IOException {
    return files.read(path);
  }

  /// Whether a file is there that can be read. A link is none: it may lead to a directory.
  public boolean isFile(HostPath path) throws IOException {
    try {
      return read(path).isPresent();
    } catch (HostFileException _) {
      return false;
    }
  }

  public HostState state() throws IOException {
    return store.load();
  }

  public HostFiles files() {
    return files;
  }

  /// The content that a file gets.
  ///
  /// @param seen what was read, on which `content` is based; null if there was no file
  /// @param directories owner and mode for directories that have to be created
  public record Write(
      HostPath path,
      @Nullable HostFile seen,
      FileContent content,
      Ownership ownership,
      Ownership directories) {
    boolean isDone() {
      return seen != null
          && seen.digest().equals(HostFile.digest(content))
          && seen.ownership().permissions().equals(ownership.permissions());
    }
  }

  /// A file to write, and what the state file says of it afterwards, with any digests.
  public record Part(Write write, OwnedFile record) {
    HostPath path() {
      return write.path();
    }
  }

  /// Writes a file that is then ours, wholly or in part. Does not touch it if it is as wanted.
  ///
  /// @throws HostFileException of reason `Conflict` if somebody changed the file after `seen`
  public void write(Write write, OwnedFile record) throws IOException {
    write(List.of(new Part(write, record)));
  }

  /// Writes files of one directory that are of use only together. They are prepared first, and then
  /// renamed into place one directly after the other in the order given.
  ///
  /// A failure on the way is undone as far as the file system allows; what cannot be undone stays
  /// recorded.
  ///
  /// @throws HostFileException of reason `Conflict` if somebody changed one of them after `seen`;
  ///   none is then changed
  public void write(List<Part> parts) throws IOException {
    Write first = parts.getFirst().write();
    HostState before = store.load();
    Deque<HostPath> missing = missingDirectories(first.path().parent(), before);
    HostState intended = before.withDirectories(Set.copyOf(missing));
    HostState done = intended;
    for (Part part : parts) {
      String digest = HostFile.digest(part.write().content());
      OwnedFile intent = intent(before.find(part.path()), part.record(), digest);
      intended = intended.with(part.path(), intent);
      done = done.with(part.path(), part.record().withDigests(Set.of(digest)));
    }
    store.save(intended);
    List<Write> open = parts.stream().map(Part::write).filter(write -> !write.isDone()).toList();
    if (!open.isEmpty()) {
      try {
        for (HostPath directory : missing) {
          files.createDirectory(directory, first.directories());
        }
        replaceAll(open);
      } catch (IOException e) {
        undo(open, missing, before, e);
        throw e;
      }
    }
    for (Part part : parts) {
      files.delete(part.path().temporary());
    }
    store.save(done);
  }

  private void replaceAll(List<Write> writes) throws IOException {
    for (Write write : writes) {
      files.writeTemporary(write.path(), write.content(), write.ownership());
    }
    for (Write write : writes) {
      requireUnchanged(write.path(), write.seen());
    }
    for (Write write : writes) {
      files.promote(write.path());
    }
  }

  private void undo(
      List<Write> writes, Deque<HostPath> created, HostState before, IOException failure) {
    try {
      for (Write write : writes.reversed()) {
        putBack(write);
        files.delete(write.path().temporary());
      }
      boolean gone = true;
      for (Iterator<HostPath> deepest = created.descendingIterator(); deepest.hasNext(); ) {
        gone &= files.removeDirectory(deepest.next());
      }
      store.save(gone ? before : before.withDirectories(Set.copyOf(created)));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void putBack(Write write) throws IOException {
    HostFile seen = write.seen();
    String ours = HostFile.digest(write.content());
    String now = files.read(write.path()).map(HostFile::digest).orElse("");
    if (!now.equals(ours)) {
      return;
    }
    if (seen == null) {
      files.delete(write.path());
    } else if (!seen.digest().equals(ours)) {
      files.writeTemporary(write.path(), seen.content(), seen.ownership());
      files.promote(write.path());
    }
  }

  private static OwnedFile intent(Optional<OwnedFile> known, OwnedFile record, String digest) {
    var digests = new TreeSet<>(record.digests());
    digests.add(digest);
    var owners = new TreeMap<>(record.owners());
    known.ifPresent(file -> file.owners().forEach(owners::putIfAbsent));
    return record.withOwners(owners).withDigests(digests);
  }

  /// Puts a file back to a content that is not ours any more, and forgets it.
  ///
  /// @param seen what was read; null if there is no file
  /// @param before null if there was none
  public void restore(HostPath path, @Nullable HostFile seen, @Nullable FileContent before)
      throws IOException {
    if (seen != null && before != null) {
      restore(new Write(path, seen, before, seen.ownership(), seen.ownership()));
      return;
    }
    if (seen != null) {
      requireUnchanged(path, seen);
      files.delete(path);
    }
    files.delete(path.temporary());
    forget(path);
  }

  /// Writes a file that is not ours any more, and forgets it.
  void restore(Write write) throws IOException {
    if (!write.isDone()) {
      replace(write);
    }
    files.delete(write.path().temporary());
    forget(write.path());
  }

  /// Removes files that are wholly ours and of use only together, one directly after the other in
  /// the order given, and forgets them.
  public void remove(List<HostPath> paths) throws IOException {
    for (HostPath path : paths) {
      files.delete(path);
    }
    for (HostPath path : paths) {
      files.delete(path.temporary());
      forget(path);
    }
  }

  /// Changes only what the state file says of a file.
  public void record(HostPath path, OwnedFile record) throws IOException {
    store.save(store.load().with(path, record));
  }

  /// Makes a file nobody's, as it is.
  void forget(HostPath path) throws IOException {
    HostState state = store.load().without(path);
    var removed = new TreeSet<HostPath>();
    for (HostPath directory : state.unusedDirectories()) {
      // One that is not empty has become somebody else's.
      boolean _ = files.removeDirectory(directory);
      removed.add(directory);
    }
    store.save(state.withoutDirectories(removed));
  }

  private void replace(Write write) throws IOException {
    files.writeTemporary(write.path(), write.content(), write.ownership());
    requireUnchanged(write.path(), write.seen());
    files.promote(write.path());
  }

  private void requireUnchanged(HostPath path, @Nullable HostFile seen) throws IOException {
    String now = files.read(path).map(HostFile::digest).orElse("");
    if (!now.equals(seen == null ? "" : seen.digest())) {
      files.delete(path.temporary());
      throw HostFileException.conflict(path + ": somebody else changed it at the same moment.");
    }
  }

  // One of ours that is empty may have been left with the wrong owner or mode by a crash, so it is
  // made anew.
  private Deque<HostPath> missingDirectories(HostPath deepest, HostState state) throws IOException {
    var missing = new ArrayDeque<HostPath>();
    for (HostPath path = deepest; !isFinished(path, state); path = path.parent()) {
      missing.addFirst(path);
    }
    return missing;
  }

  private boolean isFinished(HostPath directory, HostState state) throws IOException {
    return files.isDirectory(directory)
        && !(state.directories().contains(directory) && files.removeDirectory(directory));
  }
}
