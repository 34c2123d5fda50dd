package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;

/// Files of a host whose file system fails at a given step, and works again afterwards or not.
final class FailingFiles implements HostFiles {
  private final HostFiles files;
  private final Trouble trouble;

  FailingFiles(HostFiles files, Trouble trouble) {
    this.files = files;
    this.trouble = trouble;
  }

  enum Fault {
    /// What needs room fails: once, or from then on.
    DISK_FULL,
    /// What changes anything fails.
    DENIED,
    /// What changes anything fails, and has been done all the same: `fsync` fails, and not the
    /// rename before it.
    NOT_SYNCED,
    /// What reads fails.
    UNREADABLE
  }

  /// When what fails, over all files.
  static final class Trouble {
    private final Fault fault;
    private final boolean lasting;
    private int left;

    Trouble(Fault fault, boolean lasting, int steps) {
      this.fault = fault;
      this.lasting = lasting;
      this.left = steps;
    }

    static Trouble none() {
      return new Trouble(Fault.DENIED, false, Integer.MAX_VALUE);
    }

    boolean happened() {
      return left < 0;
    }

    private boolean strikes() {
      left = left == Integer.MIN_VALUE ? left : left - 1;
      return left == -1 || (lasting && left < 0);
    }

    private boolean affects(Step step) {
      return switch (fault) {
        case DISK_FULL -> step == Step.ROOM;
        case DENIED, NOT_SYNCED -> step != Step.READ;
        case UNREADABLE -> step == Step.READ;
      };
    }

    private IOException failure(HostPath path) {
      return switch (fault) {
        case DISK_FULL -> new FileSystemException(path.toString(), null, "No space left on device");
        case DENIED -> new AccessDeniedException(path.toString());
        case NOT_SYNCED, UNREADABLE ->
            new FileSystemException(path.toString(), null, "Input/output error");
      };
    }
  }

  private enum Step {
    READ,
    ROOM,
    CHANGE
  }

  /// A step of the file system.
  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T step(Step step, HostPath path, Work<T> work) throws IOException {
    if (!trouble.affects(step) || !trouble.strikes()) {
      return work.run();
    }
    if (trouble.fault == Fault.NOT_SYNCED && step == Step.CHANGE) {
      T _ = work.run();
    }
    throw trouble.failure(path);
  }

  /// A step without an answer.
  private interface Deed {
    void run() throws IOException;
  }

  private void change(Step step, HostPath path, Deed deed) throws IOException {
    boolean _ =
        step(
            step,
            path,
            () -> {
              deed.run();
              return true;
            });
  }

  @Override
  public Optional<HostFile> read(HostPath path) throws IOException {
    return step(Step.READ, path, () -> files.read(path));
  }

  @Override
  public boolean isDirectory(HostPath path) throws IOException {
    return step(Step.READ, path, () -> files.isDirectory(path));
  }

  @Override
  public List<String> names(HostPath directory) throws IOException {
    return step(Step.READ, directory, () -> files.names(directory));
  }

  @Override
  public Optional<String> identity(HostPath directory) throws IOException {
    return step(Step.READ, directory, () -> files.identity(directory));
  }

  @Override
  public boolean exists(HostPath path) throws IOException {
    return step(Step.READ, path, () -> files.exists(path));
  }

  @Override
  public HostPath resolve(String absolutePath) throws IOException {
    return files.resolve(absolutePath);
  }

  @Override
  public void createDirectory(HostPath path, Ownership ownership) throws IOException {
    change(Step.ROOM, path, () -> files.createDirectory(path, ownership));
  }

  @Override
  public void writeTemporary(HostPath path, FileContent content, Ownership ownership)
      throws IOException {
    change(Step.ROOM, path, () -> files.writeTemporary(path, content, ownership));
  }

  @Override
  public void promote(HostPath path) throws IOException {
    change(Step.CHANGE, path, () -> files.promote(path));
  }

  @Override
  public void delete(HostPath path) throws IOException {
    change(Step.CHANGE, path, () -> files.delete(path));
  }

  @Override
  public boolean removeDirectory(HostPath path) throws IOException {
    return step(Step.CHANGE, path, () -> files.removeDirectory(path));
  }
}
