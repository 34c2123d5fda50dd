package dev.tidewaiter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.Distribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the launcher gives to the Java runtime.
class LauncherTest {
  @TempDir private Path world;
  private Distribution distribution;
  private Path echo;

  @BeforeEach
  void assemble() throws IOException {
    distribution = Distribution.assemble(world.resolve("a distribution"));
    echo = world.resolve("echo");
    Files.createDirectories(echo.resolve("bin"));
    Files.writeString(echo.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    Files.writeString(echo.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(
        echo.resolve("bin/java"), PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "apply", "diff", "verify", "withdraw"})
  void whatSpeaksToServersHasItsOwnCache(String command) throws Exception {
    writeCaches();
    assertThat(started(command, "validate"))
        .contains("-XX:AOTCache=" + distribution.cache("servers"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"validate", "init", "explain", "status", "import", "trust", "--help", "?"})
  void everythingElseHasTheSmallOne(String command) throws Exception {
    writeCaches();
    assertThat(started(command, "apply")).contains("-XX:AOTCache=" + distribution.cache("files"));
    assertThat(started()).contains("-XX:AOTCache=" + distribution.cache("files"));
  }

  @Test
  void aCacheThatIsMissingIsNotNamed() throws Exception {
    Files.writeString(distribution.cache("files"), "a cache");
    Files.writeString(distribution.cache("servers"), "");
    assertThat(started("apply")).noneMatch(option -> option.startsWith("-XX:AOT"));
    assertThat(started("validate")).contains("-XX:AOTCache=" + distribution.cache("files"));
  }

  @Test
  void theRuntimeThatItCameWithIsTheOneThatItTakes() throws Exception {
    Path runtime = distribution.home().resolve("runtime/bin/java");
    Files.createDirectories(runtime.getParent());
    Files.writeString(runtime, "#!/bin/sh\necho its own\n");
    Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwx------"));
    assertThat(started("validate")).containsExactly("its own");
  }

  @Test
  void argumentsAndOptionsArriveAsTheyAre() throws Exception {
    assertThat(started("apply", "--config", "a file.yaml", "*"))
        .endsWith(
            "-Dof.the.environment=*",
            "-Xmx1g",
            "-jar",
            distribution.home().resolve("lib/tidewaiter.jar").toString(),
            "apply",
            "--config",
            "a file.yaml",
            "*");
  }

  @Test
  void aCacheThatDoesNotFitIsPassedOverInSilence() throws Exception {
    writeCaches();
    String java = System.getProperty("java.home");
    for (String command : List.of("apply", "validate")) {
      assertThat(lines(Map.of("JAVA_HOME", java), command, "--help").getFirst())
          .startsWith("Usage: tidewaiter " + command);
    }
  }

  private void writeCaches() throws IOException {
    Files.writeString(distribution.cache("files"), "a cache");
    Files.writeString(distribution.cache("servers"), "a cache");
  }

  /// The arguments that the Java runtime is started with.
  private List<String> started(String... arguments) throws IOException, InterruptedException {
    return lines(
        Map.of(
            "JAVA_HOME", echo.toString(), "TIDEWAITER_JAVA_OPTS", "-Dof.the.environment=* -Xmx1g"),
        arguments);
  }

  private List<String> lines(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(distribution.launcher().toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("TIDEWAITER_JAVA_OPTS");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().toList();
  }
}
