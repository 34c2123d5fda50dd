package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Files of a host whose machine loses its power before a given step that changes something.
public final class CrashingFiles implements HostFiles {
  private final HostFiles files;
  private final Countdown countdown;

  public CrashingFiles(HostFiles files, Countdown countdown) {
    this.files = files;
    this.countdown = countdown;
  }

  /// The steps until the crash, over all files.
  public static final class Countdown {
    private int left;

    public Countdown(int steps) {
      left = steps;
    }

    private void step() {
      if (left-- == 0) {
        throw new Crash();
      }
    }
  }

  /// The end of the process: nothing catches it.
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Optional<HostFile> read(HostPath path) throws IOException {
    return files.read(path);
  }

  @Override
  public boolean isDirectory(HostPath path) throws IOException {
    return files.isDirectory(path);
  }

  @Override
  public List<String> names(HostPath directory) throws IOException {
    return files.names(directory);
  }

  @Override
  public Optional<String> identity(HostPath directory) throws IOException {
    return files.identity(directory);
  }

  @Override
  public boolean exists(HostPath path) throws IOException {
    return files.exists(path);
  }

  @Override
  public HostPath resolve(String absolutePath) throws IOException {
    return files.resolve(absolutePath);
  }

  /// A crash leaves a directory that has not got its mode and owner yet.
  @Override
  public void createDirectory(HostPath path, Ownership ownership) throws IOException {
    try {
      countdown.step();
    } catch (Crash crash) {
      files.createDirectory(path, Ownership.ofMode("0700"));
      throw crash;
    }
    files.createDirectory(path, ownership);
  }

  /// A crash leaves half of the content in the temporary file.
  @Override
  public void writeTemporary(HostPath path, FileContent content, Ownership ownership)
      throws IOException {
    try {
      countdown.step();
    } catch (Crash crash) {
      byte[] half = Arrays.copyOf(content.bytes(), content.size() / 2);
      files.writeTemporary(path, FileContent.of(half), ownership);
      throw crash;
    }
    files.writeTemporary(path, content, ownership);
  }

  @Override
  public void promote(HostPath path) throws IOException {
    countdown.step();
    files.promote(path);
  }

  @Override
  public void delete(HostPath path) throws IOException {
    countdown.step();
    files.delete(path);
  }

  @Override
  public boolean removeDirectory(HostPath path) throws IOException {
    countdown.step();
    return files.removeDirectory(path);
  }
}
