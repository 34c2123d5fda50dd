package dev.tidewaiter.source.git;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import java.io.IOException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/// The snapshot of a commit, read from its trees and blobs. Submodules are left out.
final class TreeSnapshot {
  private final ObjectReader reader;
  private final boolean mayLackLarge;
  private final Entries entries = new Entries();

  private TreeSnapshot(ObjectReader reader, boolean mayLackLarge) {
    this.reader = reader;
    this.mayLackLarge = mayLackLarge;
  }

  /// @param path normalised sub-path; if the commit has no such folder, the snapshot is empty
  static Snapshot read(Repository repository, Revision revision, String path) throws IOException {
    try (ObjectReader reader = repository.newObjectReader();
        RevWalk walk = new RevWalk(reader)) {
      RevTree root = walk.parseCommit(ObjectId.fromString(revision.id())).getTree();
      ObjectId folder = path.isEmpty() ? root : find(reader, path, root, FileMode.TREE);
      var snapshot = new TreeSnapshot(reader, LargeFiles.mayBeAbsent(repository));
      if (folder != null) {
        snapshot.addAll(folder);
      }
      return new Snapshot(revision, snapshot.entries.found());
    }
  }

  private static @Nullable ObjectId find(
      ObjectReader reader, String path, ObjectId tree, FileMode mode) throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(reader, path, tree)) {
      return walk != null && mode.equals(walk.getFileMode(0)) ? walk.getObjectId(0) : null;
    }
  }

  private void addAll(ObjectId folder) throws IOException {
    try (TreeWalk walk = new TreeWalk(reader)) {
      YamlFiles files = YamlFiles.of(ignoreFile(folder));
      walk.addTree(folder);
      while (walk.next()) {
        String path = walk.getPathString();
        entries.lookAt(path, files.steps());
        if (entries.isFull()) {
          return;
        }
        if (walk.isSubtree()) {
          if (files.entersFolder(path)) {
            walk.enterSubtree();
          }
        } else if (files.takesFile(path)) {
          add(path, walk.getFileMode(0), walk.getObjectId(0));
        }
      }
    }
  }

  /// An ignore file that is a link or too large ignores nothing, and is itself an entry, so that
  /// whoever loads the snapshot reports it.
  private byte[] ignoreFile(ObjectId folder) throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(reader, YamlFiles.IGNORE_FILE, folder)) {
      if (walk == null || walk.isSubtree()) {
        return new byte[0];
      }
      ObjectId id = walk.getObjectId(0);
      if (isFile(walk.getFileMode(0)) && size(id) <= YamlFiles.MAX_IGNORE_BYTES) {
        return bytes(id);
      }
      add(YamlFiles.IGNORE_FILE, walk.getFileMode(0), id);
      return new byte[0];
    }
  }

  private void add(String path, FileMode mode, ObjectId id) throws IOException {
    if (FileMode.SYMLINK.equals(mode)) {
      entries.add(path, 0, () -> new SnapshotEntry.SymbolicLink(path));
    } else if (isFile(mode)) {
      long size = size(id);
      long limit = YamlFiles.maxBytes(path);
      if (size > limit) {
        entries.add(path, 0, () -> new SnapshotEntry.TooLarge(path, limit));
      } else {
        entries.add(
            path, size, () -> new SnapshotEntry.File(path, id.name(), FileContent.of(bytes(id))));
      }
    }
  }

  private static boolean isFile(FileMode mode) {
    return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
  }

  private long size(ObjectId id) throws IOException {
    try {
      return reader.getObjectSize(id, Constants.OBJ_BLOB);
    } catch (MissingObjectException e) {
      if (mayLackLarge) {
        return Long.MAX_VALUE;
      }
      throw e;
    }
  }

  private byte[] bytes(ObjectId id) throws IOException {
    return reader.open(id, Constants.OBJ_BLOB).getCachedBytes((int) YamlFiles.MAX_BYTES);
  }
}
