package dev.tidewaiter.source.git;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.source.SourceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FileUtils;
import org.jspecify.annotations.Nullable;

/// The bare clone on disk, in a directory of mode 0700:
///
/// - `clone.git`: the clone; whatever is there is complete, or is replaced
/// - `clone.git.new`, `clone.git.old`: left by a renewal that was cut short; removed by the next
/// - `lock`: held, by the operating system, while the clone is written
///
/// A clone that is absent, or too damaged to be opened, is replaced by an empty one. After a crash
/// at any point the next fetch finds the old clone, the new one, or none.
///
/// Any number of threads may read while one at a time updates or renews: a clone is closed when the
/// last of its readers has closed it.
final class CloneDirectory implements AutoCloseable {
  /// Where the followed branch or tag stood at the last fetch.
  static final String FOLLOWED = "refs/tidewaiter/followed";

  /// Each fetch leaves a pack. JGit's garbage collection is not safe against being killed, so after
  /// so many packs the clone is made anew.
  private static final int MAX_PACKS = 50;

  private final Path directory;

  @GuardedBy("this")
  private @Nullable Repository repository;

  CloneDirectory(Path directory) {
    this.directory = directory;
  }

  /// The clone, made if there is none, for a reader to close.
  synchronized Repository reading() throws IOException {
    Repository opened = open();
    opened.incrementOpen();
    return opened;
  }

  /// The clone, made if there is none, for who updates or renews it.
  synchronized Repository open() throws IOException {
    Repository opened = repository;
    if (opened == null) {
      createDirectory();
      opened = openExisting();
      if (opened == null) {
        try (FileChannel _ = lock()) {
          Path fresh = fresh();
          create(fresh).close();
          replaceBy(fresh);
        }
        opened = build(current());
      }
      repository = opened;
    }
    return opened;
  }

  /// Where the followed ref stood; null before the first fetch, and if that cannot be read.
  @Nullable ObjectId followed() {
    try (Repository clone = reading()) {
      Ref ref = clone.exactRef(FOLLOWED);
      return ref == null ? null : ref.getObjectId();
    } catch (IOException e) {
      return null;
    }
  }

  boolean isWorn() throws IOException {
    Path packs = current().resolve("objects/pack");
    if (!Files.isDirectory(packs)) {
      return true;
    }
    try (Stream<Path> files = Files.list(packs)) {
      return files.filter(file -> file.toString().endsWith(".pack")).count() >= MAX_PACKS;
    }
  }

  /// Writes into the clone as it is. Locks that a killed process left inside are removed first.
  void update(Filling filling) throws SourceException, IOException {
    Repository opened = open();
    try (FileChannel _ = lock()) {
      removeStaleLocks();
      filling.fill(opened);
    }
  }

  /// Fills a new clone and puts it in the place of the present one, which stays if that fails.
  void renew(Filling filling) throws SourceException, IOException {
    createDirectory();
    try (FileChannel _ = lock()) {
      Path fresh = fresh();
      try (Repository filled = create(fresh)) {
        filling.fill(filled);
      }
      synchronized (this) {
        close();
        replaceBy(fresh);
      }
    }
  }

  @Override
  public synchronized void close() {
    if (repository != null) {
      repository.close();
      repository = null;
    }
  }

  private Path current() {
    return directory.resolve("clone.git");
  }

  private Path fresh() throws IOException {
    Path fresh = directory.resolve("clone.git.new");
    delete(fresh);
    return fresh;
  }

  private void createDirectory() throws IOException {
    var ownerOnly = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
    Files.setPosixFilePermissions(directory, ownerOnly);
  }

  private @Nullable Repository openExisting() {
    try {
      return build(current());
    } catch (IOException | IllegalArgumentException e) {
      // No clone, or one without a readable HEAD or configuration: the caller makes a new one.
      return null;
    }
  }

  private static Repository build(Path gitDirectory) throws IOException {
    return new FileRepositoryBuilder()
        .setGitDir(gitDirectory.toFile())
        .setBare()
        .setMustExist(true)
        .build();
  }

  private static Repository create(Path gitDirectory) throws IOException {
    Repository created =
        new FileRepositoryBuilder().setGitDir(gitDirectory.toFile()).setBare().build();
    created.create(true);
    StoredConfig config = created.getConfig();
    config.setInt("gc", null, "auto", 0);
    config.setInt("gc", null, "autoPackLimit", 0);
    config.setBoolean("gc", null, "autoDetach", false);
    config.save();
    return created;
  }

  private void replaceBy(Path fresh) throws IOException {
    Path old = directory.resolve("clone.git.old");
    delete(old);
    if (Files.exists(current())) {
      Files.move(current(), old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(fresh, current(), StandardCopyOption.ATOMIC_MOVE);
    delete(old);
  }

  private FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      var _ = channel.lock();
      return channel;
    } catch (IOException | OverlappingFileLockException e) {
      channel.close();
      throw new IOException("another part of this process writes the clone", e);
    }
  }

  private void removeStaleLocks() throws IOException {
    List<Path> locks;
    try (Stream<Path> files = Files.walk(current())) {
      locks = files.filter(file -> file.toString().endsWith(".lock")).toList();
    }
    for (Path lock : locks) {
      delete(lock);
    }
  }

  private static void delete(Path path) throws IOException {
    FileUtils.delete(path.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
  }

  /// Puts objects and refs into a clone.
  interface Filling {
    void fill(Repository clone) throws SourceException;
  }
}
