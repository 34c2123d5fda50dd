package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The files beneath a directory of this machine, by way of `openat` with `O_NOFOLLOW` on every
/// component.
///
/// Directories alone are created by path, as the JDK has no `mkdirat`: the components above are
/// checked before, `mkdir` follows no link in the last one, and owner and mode are then set through
/// an open descriptor of a directory that must still be empty and ours alone.
public final class LocalFiles implements HostFiles {
  /// Far above any file that a person keeps there.
  private static final int MAX_BYTES = 1 << 20;

  /// To open one; far above what a slow disk takes.
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Path root;
  private final int maxBytes;
  private final Opener opener;

  /// @param root trusted; links on the way to it are followed
  public LocalFiles(Path root) {
    this(root, MAX_BYTES);
  }

  /// @param maxBytes of a file that is read
  LocalFiles(Path root, int maxBytes) {
    this(root, maxBytes, new Opener(LIMIT));
  }

  LocalFiles(Path root, Opener opener) {
    this(root, MAX_BYTES, opener);
  }

  private LocalFiles(Path root, int maxBytes, Opener opener) {
    this.root = root;
    this.maxBytes = maxBytes;
    this.opener = opener;
  }

  @Override
  public Optional<HostFile> read(HostPath path) throws IOException {
    Optional<OpenDirectory> parent = OpenDirectory.find(root, path.parent(), opener);
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    try (OpenDirectory directory = parent.get()) {
      Optional<BasicFileAttributes> found = directory.find(path.name());
      if (found.isEmpty()) {
        return Optional.empty();
      }
      BasicFileAttributes attributes = found.get();
      if (!attributes.isRegularFile()) {
        throw HostFileException.unsafe(
            path + ": it is " + OpenDirectory.describe(attributes) + " and not a regular file.");
      }
      return Optional.of(new HostFile(content(directory, path), directory.ownership(path.name())));
    }
  }

  private FileContent content(OpenDirectory directory, HostPath path) throws IOException {
    try (SeekableByteChannel channel =
        directory.open(path.name(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      requireSeekable(channel, path);
      byte[] bytes = Channels.newInputStream(channel).readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw HostFileException.unsafe(path + ": it is larger than " + (maxBytes >> 20) + " MiB.");
      }
      return FileContent.of(bytes);
    }
  }

  // A FIFO opens at once if somebody has its other end open, and reading it waits for bytes. Of
  // what opens, it alone cannot be sought (ESPIPE, lseek(2)). That tells of what was opened, where
  // a look at the path would tell of what stands there now.
  private static void requireSeekable(SeekableByteChannel channel, HostPath path)
      throws HostFileException {
    try {
      long _ = channel.position();
    } catch (IOException _) {
      throw Opener.replaced(path);
    }
  }

  @Override
  public boolean isDirectory(HostPath path) throws IOException {
    Optional<OpenDirectory> directory = OpenDirectory.find(root, path, opener);
    if (directory.isPresent()) {
      directory.get().close();
    }
    return directory.isPresent();
  }

  @Override
  public List<String> names(HostPath path) throws IOException {
    Optional<OpenDirectory> found = OpenDirectory.find(root, path, opener);
    if (found.isEmpty()) {
      return List.of();
    }
    try (OpenDirectory directory = found.get()) {
      return directory.names().stream().sorted().toList();
    }
  }

  @Override
  public Optional<String> identity(HostPath path) throws IOException {
    Optional<OpenDirectory> found = OpenDirectory.find(root, path, opener);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (OpenDirectory directory = found.get()) {
      return Optional.of(directory.identity());
    }
  }

  @Override
  public boolean exists(HostPath path) {
    return Files.exists(absolute(path));
  }

  @Override
  public HostPath resolve(String absolutePath) throws IOException {
    boolean ownRoot = root.toAbsolutePath().normalize().equals(Path.of("/"));
    Path path = Path.of(absolutePath);
    return HostPath.ofAbsolute(
        ownRoot && Files.exists(path) ? path.toRealPath().toString() : path.normalize().toString());
  }

  @Override
  public void createDirectory(HostPath path, Ownership ownership) throws IOException {
    try (OpenDirectory parent = OpenDirectory.open(root, path.parent(), opener);
        OpenDirectory created = create(parent, path)) {
      created.own(ownership);
    }
    sync(path.parent());
  }

  private OpenDirectory create(OpenDirectory parent, HostPath path) throws IOException {
    Files.createDirectory(
        absolute(path),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    OpenDirectory created = parent.descend(path.name());
    try {
      created.requireFresh();
      return created;
    } catch (IOException e) {
      created.close();
      throw e;
    }
  }

  @Override
  public void writeTemporary(HostPath path, FileContent content, Ownership ownership)
      throws IOException {
    try (OpenDirectory directory = OpenDirectory.open(root, path.parent(), opener)) {
      String name = path.temporary().name();
      directory.delete(name);
      Scratch.remove(directory);
      try {
        if (directory.isWrittenByUsAlone()) {
          Scratch.write(directory, name, content, ownership);
        } else {
          writeApart(directory, path, content, ownership);
        }
      } catch (IOException e) {
        cleanUp(directory, name, e);
        throw e;
      }
    }
  }

  // Only where it is needed: older releases of containers/image walk their drop-ins with Go's
  // `filepath.Walk` (`dropInConfigs` in `pkg/sysregistriesv2`). That reads each directory beside
  // them before it is skipped, and whoever may not read ours can pull nothing then.
  private void writeApart(
      OpenDirectory directory, HostPath path, FileContent content, Ownership ownership)
      throws IOException {
    try (OpenDirectory scratch = create(directory, path.scratch())) {
      Scratch.write(scratch, Scratch.FILE, content, ownership);
      scratch.move(Scratch.FILE, directory, path.temporary().name());
    }
    Scratch.remove(directory);
  }

  private static void cleanUp(OpenDirectory directory, String name, IOException failure) {
    try {
      directory.delete(name);
      Scratch.remove(directory);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void promote(HostPath path) throws IOException {
    try (OpenDirectory directory = OpenDirectory.open(root, path.parent(), opener)) {
      directory.move(path.temporary().name(), directory, path.name());
    }
    sync(path.parent());
  }

  @Override
  public void delete(HostPath path) throws IOException {
    Optional<OpenDirectory> parent = OpenDirectory.find(root, path.parent(), opener);
    if (parent.isPresent()) {
      try (OpenDirectory directory = parent.get()) {
        directory.delete(path.name());
        Scratch.remove(directory);
      }
      sync(path.parent());
    }
  }

  @Override
  public boolean removeDirectory(HostPath path) throws IOException {
    Optional<OpenDirectory> parent = OpenDirectory.find(root, path.parent(), opener);
    if (parent.isEmpty()) {
      return true;
    }
    try (OpenDirectory directory = parent.get()) {
      directory.deleteDirectory(path.name());
    } catch (NoSuchFileException _) {
      return true;
    } catch (DirectoryNotEmptyException _) {
      return false;
    }
    sync(path.parent());
    return true;
  }

  // A directory opens for reading like a file; only its descriptor is needed.
  private void sync(HostPath directory) throws IOException {
    if (directory.equals(HostPath.ROOT)) {
      try (FileChannel channel = FileChannel.open(root)) {
        channel.force(true);
      }
      return;
    }
    try (OpenDirectory parent = OpenDirectory.open(root, directory.parent(), opener);
        SeekableByteChannel channel =
            parent.open(
                directory.name(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ((FileChannel) channel).force(true);
    }
  }

  private Path absolute(HostPath path) {
    return root.resolve(path.text());
  }
}
