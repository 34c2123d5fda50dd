package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.testbed.Listener;
import dev.tidewaiter.testbed.TestBed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which process is taken for containerd, and run once more. What a real one does is in
/// [ContainerdHostIT].
class LocalContainerdTest {
  private static final int NOBODY = 65534;

  @TempDir private Path directory;

  private Path socket() {
    return directory.resolve("containerd.sock");
  }

  private Listener.Start containerd() throws Exception {
    Path program = Files.copy(Listener.interpreter(), directory.resolve("containerd"));
    return new Listener.Start(List.of(), program, directory);
  }

  @Test
  void runsNoProgramThatSomebodyElseMayWrite() throws Exception {
    TestBed.requireRoot();
    Listener.Start containerd = containerd();
    Path program = containerd.python();
    try (Listener listener = containerd.listen(socket().toString())) {
      var found = new LocalContainerd(socket());
      assertThat(found.find().map(Containerd.Program::running).map(Containerd.Running::pid))
          .contains(listener.pid());

      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxrwxr-x"));
      assertThatThrownBy(found::find).isInstanceOf(HostFileException.class);

      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      assertThat(found.find()).isPresent();
      Files.setAttribute(program, "unix:uid", NOBODY);
      assertThatThrownBy(found::find).isInstanceOf(HostFileException.class);
    }
  }

  /// What the runtime that was there left is the file of its socket.
  @Test
  void takesNobodysProcessForTheOneThatWasThere() throws Exception {
    TestBed.requireRoot();
    try (Listener _ = containerd().listen(socket().toString(), NOBODY, NOBODY, NOBODY)) {
      Files.delete(socket());
      Listener.Start.in(directory).listen(socket().toString()).close();
      assertThat(socket()).exists();
      assertThat(new LocalContainerd(socket()).find().map(Containerd.Program::running)).isEmpty();
    }
  }
}
