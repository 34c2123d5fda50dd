package dev.tidewaiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a distribution comes to its AOT caches where training runs fail.
class TrainTest {
  /// Writes the cache that it is asked for.
  private static final String LAUNCHER =
      """
      for option in $TIDEWAITER_JAVA_OPTS; do
        case $option in -XX:AOTCache=*) echo cache >"${option#*=}" ;; esac
      done
      """;

  @TempDir private Path world;
  private Path files;
  private Path servers;

  @BeforeEach
  void assemble() throws IOException {
    script("jdk/bin/javac", "");
    Files.writeString(world.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    files = world.resolve("dist/lib/files.aot");
    servers = world.resolve("dist/lib/servers.aot");
    Files.createDirectories(files.getParent());
  }

  @Test
  void aRunThatFailsIsTriedAgain() throws Exception {
    script("jdk/bin/java", "[ -e tried ] || { touch tried; exit 5; }\n");
    script("dist/bin/tidewaiter", LAUNCHER);

    assertThat(train()).isEmpty();
    assertThat(files).hasContent("cache");
    assertThat(servers).hasContent("cache");
    assertThat(world.resolve("tried")).exists();
  }

  @Test
  void aDistributionGoesWithoutTheCacheWhoseRunsAllFail() throws Exception {
    script(
        "jdk/bin/java",
        "echo x >>tries; echo '[0.1s][warning][aot] Skipping a class'; echo no answer yet; exit 4\n");
    script("dist/bin/tidewaiter", LAUNCHER);

    assertThat(train())
        .contains("no answer yet", "warning: no AOT cache servers.aot was made")
        .doesNotContain("Skipping");
    assertThat(files).hasContent("cache");
    assertThat(servers).doesNotExist();
    assertThat(world.resolve("tries")).hasContent("x\nx\nx");
  }

  private void script(String path, String text) throws IOException {
    Path file = world.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private String train() throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                Path.of("src/main/launcher/train").toAbsolutePath().toString(), "dist", "unused")
            .directory(world.toFile())
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", world.resolve("jdk").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
