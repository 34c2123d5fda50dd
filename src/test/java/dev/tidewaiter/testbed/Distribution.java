package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/// What `make build` makes, but of the classes under test where they are, and without AOT caches.
///
/// @param home its directory
public record Distribution(Path home) {
  private static final Path LAUNCHER = Path.of("src", "main", "launcher");

  /// @param home a directory that may be absent
  public static Distribution assemble(Path home) throws IOException {
    var distribution = new Distribution(home);
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.copy(
        LAUNCHER.resolve("tidewaiter"),
        distribution.launcher(),
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(LAUNCHER.resolve("find-java"), home.resolve("lib/find-java"));
    writeJar(home.resolve("lib/tidewaiter.jar"));
    return distribution;
  }

  public Path launcher() {
    return home.resolve("bin/tidewaiter");
  }

  /// The place of a cache.
  ///
  /// @param name `files` or `servers`
  public Path cache(String name) {
    return home.resolve("lib").resolve(name + ".aot");
  }

  /// A jar with nothing but a class path.
  private static void writeJar(Path file) throws IOException {
    var manifest = new Manifest();
    var attributes = manifest.getMainAttributes();
    attributes.put(Name.MANIFEST_VERSION, "1.0");
    attributes.put(Name.MAIN_CLASS, "dev.tidewaiter.cli.Main");
    attributes.put(
        Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(":", -1))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    try (OutputStream out = Files.newOutputStream(file)) {
      new JarOutputStream(out, manifest).close();
    }
  }
}
