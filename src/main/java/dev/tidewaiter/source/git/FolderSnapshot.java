package dev.tidewaiter.source.git;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;

/// The snapshot of a folder on disk, by the rules of [TreeSnapshot]. Symbolic links are not
/// followed; other repositories within are left out, as submodules are.
final class FolderSnapshot extends SimpleFileVisitor<Path> {
  private final Path root;
  private final ObjectInserter.Formatter blobIds = new ObjectInserter.Formatter();
  private final Entries entries = new Entries();
  private final YamlFiles files;

  private FolderSnapshot(Path root) throws IOException {
    this.root = root;
    this.files = YamlFiles.of(ignoreFile());
  }

  static Snapshot read(Path root) throws IOException {
    var snapshot = new FolderSnapshot(root);
    Files.walkFileTree(root, snapshot);
    return new Snapshot(null, snapshot.entries.found());
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    if (folder.equals(root)) {
      return FileVisitResult.CONTINUE;
    }
    String path = path(folder);
    entries.lookAt(path, files.steps());
    if (entries.isFull()) {
      return FileVisitResult.TERMINATE;
    }
    return files.entersFolder(path) && !Files.exists(folder.resolve(".git"))
        ? FileVisitResult.CONTINUE
        : FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    String path = path(file);
    entries.lookAt(path, files.steps());
    if (!entries.isFull() && files.takesFile(path)) {
      add(file, attributes);
    }
    return entries.isFull() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
  }

  private byte[] ignoreFile() throws IOException {
    Path file = root.resolve(YamlFiles.IGNORE_FILE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new byte[0];
    }
    var attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isRegularFile() && attributes.size() <= YamlFiles.MAX_IGNORE_BYTES) {
      return Files.readAllBytes(file);
    }
    add(file, attributes);
    return new byte[0];
  }

  private void add(Path file, BasicFileAttributes attributes) throws IOException {
    String path = path(file);
    long size = attributes.size();
    long limit = YamlFiles.maxBytes(path);
    if (attributes.isSymbolicLink()) {
      entries.add(path, 0, () -> new SnapshotEntry.SymbolicLink(path));
    } else if (attributes.isRegularFile() && size > limit) {
      entries.add(path, 0, () -> new SnapshotEntry.TooLarge(path, limit));
    } else if (attributes.isRegularFile()) {
      entries.add(path, size, () -> content(file));
    }
  }

  private SnapshotEntry content(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String id = blobIds.idFor(Constants.OBJ_BLOB, bytes).name();
    return new SnapshotEntry.File(path(file), id, FileContent.of(bytes));
  }

  private String path(Path file) {
    return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }
}
