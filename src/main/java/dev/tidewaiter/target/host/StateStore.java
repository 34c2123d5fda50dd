package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// The state file, `host/state.json` in the daemon's state directory, mode 0600 in a directory of
/// 0700, because the bytes from before us may contain other people's secrets.
///
/// It is read anew each time, so that nothing in memory can differ from it, and replaced
/// atomically.
public final class StateStore {
  private static final HostPath DIRECTORY = new HostPath("host");
  private static final HostPath FILE = DIRECTORY.child("state.json");
  private static final Ownership PRIVATE_FILE = Ownership.ofMode("0600");
  private static final Ownership PRIVATE_DIRECTORY = Ownership.ofMode("0700");

  /// It has the bytes from before us of every file that we share, and each may have 1 MiB.
  private static final int MAX_BYTES = 32 << 20;

  private final HostFiles files;

  /// @param files rooted at the state directory, which exists
  public StateStore(HostFiles files) {
    this.files = files;
  }

  /// In a state directory, which is created with mode 0700 if it is missing.
  public static StateStore in(Path stateDirectory) throws IOException {
    Files.createDirectories(
        stateDirectory, PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY.permissions()));
    return new StateStore(new LocalFiles(stateDirectory, MAX_BYTES));
  }

  /// @throws HostFileException if the file is damaged: what is ours is then not known, and nothing
  ///   may be changed
  public HostState load() throws IOException {
    Optional<HostFile> file = files.read(FILE);
    return file.isEmpty() ? HostState.EMPTY : StateDocument.parse(file.get().content());
  }

  /// @throws HostFileException if it could not be loaded again
  void save(HostState state) throws IOException {
    FileContent content = StateDocument.render(state);
    if (content.size() > MAX_BYTES) {
      throw HostFileException.unsafe(
          "host/state.json: it would have to keep more than "
              + (MAX_BYTES >> 20)
              + " MiB of what others wrote.");
    }
    if (!files.isDirectory(DIRECTORY)) {
      files.createDirectory(DIRECTORY, PRIVATE_DIRECTORY);
    }
    files.writeTemporary(FILE, content, PRIVATE_FILE);
    files.promote(FILE);
  }
}
