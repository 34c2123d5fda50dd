package dev.tidewaiter.testbed;

import dev.tidewaiter.desired.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What tests have shown on real runtimes: the evidence for the README's matrix, which
/// [MatrixTable] makes of it.
///
/// Each is one line of a file that all processes of a test run append to, also those with mounts of
/// their own: its absolute path is the system property [#FILE].
public final class Matrix {
  static final String FILE = "tidewaiter.matrix";

  private Matrix() {}

  /// One cell's evidence: a runtime of this version has done it, or was reported not to.
  record Shown(MatrixColumn column, Capability capability, boolean works, String version) {
    /// A line of the file, whose last word may hold blanks.
    private String line() {
      return String.join(
          "\t", column.name(), capability.name(), works ? "works" : "refused", version);
    }

    private static Shown parse(String line) {
      String[] words = line.split("\t", 4);
      return new Shown(
          MatrixColumn.valueOf(words[0]),
          Capability.valueOf(words[1]),
          words[2].equals("works"),
          words[3]);
    }
  }

  /// To be called after the test has seen it on the real runtime.
  ///
  /// @param runtime `docker`, `containerd`, `podman`, `crio`, `kubelet` or `system`
  /// @param version as the runtime's facts say it, such as `29.0.0 with the containerd image store`
  public static void tested(String runtime, String version, Capability capability) {
    append(runtime, version, capability, true);
  }

  /// To be called after the test has seen that it is reported as not enforceable.
  public static void refused(String runtime, String version, Capability capability) {
    append(runtime, version, capability, false);
  }

  private static void append(String runtime, String version, Capability capability, boolean works) {
    var shown = new Shown(MatrixColumn.of(runtime, version), capability, works, version);
    Path file = file();
    try {
      Files.createDirectories(file.getParent());
      // One write at the end of the file: lines of several processes do not mix.
      Files.writeString(
          file, shown.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What was shown since the file was begun.
  static List<Shown> read(Path file) throws IOException {
    var all = new ArrayList<Shown>();
    for (String line : Files.readAllLines(file)) {
      all.add(Shown.parse(line));
    }
    return all;
  }

  static Path file() {
    return Path.of(System.getProperty(FILE, "target/matrix.tsv")).toAbsolutePath();
  }
}
