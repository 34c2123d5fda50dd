package dev.tidewaiter.target.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A directory held open by its descriptor, reached without following a link below the root.
final class OpenDirectory implements AutoCloseable {
  private final SecureDirectoryStream<Path> stream;
  private final HostPath path;
  private final Opener opener;
  private CompletableFuture<?> opening = CompletableFuture.completedFuture(null);

  private OpenDirectory(SecureDirectoryStream<Path> stream, HostPath path, Opener opener) {
    this.stream = stream;
    this.path = path;
    this.opener = opener;
  }

  /// @return empty if a component does not exist
  static Optional<OpenDirectory> find(Path root, HostPath path, Opener opener) throws IOException {
    try {
      return Optional.of(open(root, path, opener));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// @throws HostFileException if a component is a link or no directory
  // What is opened is closed with the directory that it becomes.
  @SuppressWarnings("StreamResourceLeak")
  static OpenDirectory open(Path root, HostPath path, Opener opener) throws IOException {
    var current = new OpenDirectory(secure(Files.newDirectoryStream(root)), HostPath.ROOT, opener);
    for (String name : path.names()) {
      try (OpenDirectory above = current) {
        current = above.descend(name);
      }
    }
    return current;
  }

  /// Opens a directory in it.
  ///
  /// @throws HostFileException if it is a link or no directory
  OpenDirectory descend(String name) throws IOException {
    HostPath reached = path.child(name);
    BasicFileAttributes attributes =
        find(name).orElseThrow(() -> new NoSuchFileException(reached.toString()));
    if (!attributes.isDirectory()) {
      throw HostFileException.unsafe(
          reached + ": it is " + describe(attributes) + " and not a directory.");
    }
    try {
      return new OpenDirectory(
          patiently(
              name,
              () -> secure(stream.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS))),
          reached,
          opener);
    } catch (NotDirectoryException _) {
      throw Opener.replaced(reached);
    }
  }

  static String describe(BasicFileAttributes attributes) {
    if (attributes.isSymbolicLink()) {
      return "a symbolic link";
    }
    if (attributes.isDirectory()) {
      return "a directory";
    }
    return attributes.isRegularFile() ? "a file" : "a special file";
  }

  HostPath path() {
    return path;
  }

  Optional<BasicFileAttributes> find(String name) throws IOException {
    try {
      return Optional.of(
          stream
              .getFileAttributeView(
                  Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// Its file system and inode.
  String identity() throws IOException {
    return String.valueOf(
        stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey());
  }

  List<String> names() {
    var names = new ArrayList<String>();
    for (Path path : stream) {
      names.add(path.getFileName().toString());
    }
    return names;
  }

  SeekableByteChannel open(String name, Set<? extends OpenOption> options) throws IOException {
    return patiently(
        name,
        () ->
            stream.newByteChannel(
                Path.of(name),
                options,
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))));
  }

  private <T extends Closeable> T patiently(String name, Opener.Opening<T> open)
      throws IOException {
    HostPath reached = path.child(name);
    CompletableFuture<T> started = opener.start(reached, open);
    opening = started;
    return opener.await(reached, started, () -> otherEnd(name));
  }

  private Closeable otherEnd(String name) throws IOException {
    Optional<BasicFileAttributes> found = find(name);
    return found.isPresent() && found.get().isOther()
        ? stream.newByteChannel(
            Path.of(name),
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))
        : () -> {};
  }

  /// Whether nobody but this process's user, who owns `/proc/self`, may put anything into it.
  boolean isWrittenByUsAlone() throws IOException {
    PosixFileAttributes attributes =
        stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    return attributes.owner().equals(Files.getOwner(Path.of("/proc/self")))
        && !attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
        && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  /// @throws HostFileException if it is not as it was just created: empty, and for this process's
  ///   user alone
  void requireFresh() throws IOException {
    PosixFileAttributes attributes =
        stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    boolean fresh =
        isWrittenByUsAlone()
            && attributes.permissions().equals(PosixFilePermissions.fromString("rwx------"))
            && names().isEmpty();
    if (!fresh) {
      throw HostFileException.unsafe(
          path
              + ": it was replaced while it was created, or its file system gives what root makes to"
              + " somebody else, as NFS with `root_squash` and CIFS with `uid=` do. Mount it without"
              + " that, or leave the user whose home it is in out of `hosts.credentials.users`.");
    }
  }

  Ownership ownership(String name) throws IOException {
    PosixFileAttributes attributes = view(name).readAttributes();
    return new Ownership(attributes.permissions(), attributes.owner(), attributes.group());
  }

  /// Gives a file of this directory its owner and mode, in this order, because a change of owner
  /// may reset the mode.
  ///
  /// By its name, as the JDK has it: `openat`, which waits for a FIFO, and `fchown` of whatever was
  /// opened. So only where nobody else can replace it.
  void own(String name, Ownership ownership) throws IOException {
    own(view(name), ownership);
  }

  /// Gives this directory its owner and mode.
  void own(Ownership ownership) throws IOException {
    own(stream.getFileAttributeView(PosixFileAttributeView.class), ownership);
  }

  private static void own(PosixFileAttributeView view, Ownership ownership) throws IOException {
    PosixFileAttributes attributes = view.readAttributes();
    if (ownership.user() != null && !ownership.user().equals(attributes.owner())) {
      view.setOwner(ownership.user());
    }
    if (ownership.group() != null && !ownership.group().equals(attributes.group())) {
      view.setGroup(ownership.group());
    }
    view.setPermissions(ownership.permissions());
  }

  private PosixFileAttributeView view(String name) {
    return stream.getFileAttributeView(
        Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  /// Moves a file, in one step, to where it may replace another.
  void move(String from, OpenDirectory directory, String to) throws IOException {
    stream.move(Path.of(from), directory.stream, Path.of(to));
  }

  /// Removes a file or a link, if it is there.
  void delete(String name) throws IOException {
    try {
      stream.deleteFile(Path.of(name));
    } catch (NoSuchFileException _) {
      // It is gone, which is what was wanted.
    }
  }

  void deleteDirectory(String name) throws IOException {
    stream.deleteDirectory(Path.of(name));
  }

  /// Waits for nobody: the JDK closes no directory while something is being opened in it.
  @Override
  public void close() throws IOException {
    if (opening.isDone()) {
      stream.close();
    } else {
      var _ = opening.whenComplete((_, _) -> Opener.closeQuietly(stream));
    }
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IllegalStateException("hosts are Linux, where every directory stream is secure");
  }
}
