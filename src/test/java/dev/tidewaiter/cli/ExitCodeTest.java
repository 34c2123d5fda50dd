package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each row of the table of exit codes, by commands as people give them.
class ExitCodeTest {
  @TempDir private Path directory;

  private HostFixture fixture;

  @BeforeEach
  void makeInstallation() throws IOException {
    fixture = new HostFixture(directory);
  }

  @Test
  void zeroIfDoneAndIfNothingDiffers() {
    assertThat(fixture.run("apply")).returns(0, Shell.Ended::exitCode);
    assertThat(settings()).contains("lab.example:5000");
    assertThat(fixture.run("diff")).returns(0, Shell.Ended::exitCode);
    assertThat(fixture.run("apply")).returns(0, Shell.Ended::exitCode);
  }

  @Test
  void oneIfDiffFindsDifferences() {
    Shell.Ended diff = fixture.run("diff");
    assertThat(diff.exitCode()).isEqualTo(1);
    assertThat(diff.out()).contains("+ insecure-registries/lab.example:5000: present");
    assertThat(fixture.root().resolve("etc/docker/daemon.json")).doesNotExist();
  }

  @Test
  void twoIfTheCommandLineOrTheConfigurationIsWrong() throws IOException {
    assertThat(fixture.run("apply", "--no-such-option").exitCode()).isEqualTo(2);
    Files.writeString(fixture.configuration(), "kind: Nonsense\n");
    assertThat(fixture.run("apply").exitCode()).isEqualTo(2);
  }

  @Test
  void threeIfDeclarationsAreRejectedThoughAnOlderRevisionIsApplied() {
    fixture.repository().write("lab.yaml", "kind: Nonsense\n").commit("Broken");
    Shell.Ended apply = fixture.run("apply");
    assertThat(apply.exitCode()).isEqualTo(3);
    assertThat(apply.out()).contains("lab.yaml:1").contains("Stalled");
    assertThat(settings()).contains("lab.example:5000");
    assertThat(fixture.run("diff").exitCode()).isEqualTo(3);
    assertThat(Shell.run("validate", fixture.repository().work().toString()).exitCode())
        .isEqualTo(3);
  }

  @Test
  void fourIfTheRepositoryIsUnavailable() throws IOException {
    fixture.writeConfiguration("file://" + directory.resolve("no-such-repository"));
    assertThat(fixture.run("apply").exitCode()).isEqualTo(4);
    assertThat(fixture.run("diff").exitCode()).isEqualTo(4);
    assertThat(fixture.run("withdraw", "production", "--keep").exitCode()).isEqualTo(4);
    assertThat(Shell.run("status", "--address", "http://127.0.0.1:1").exitCode()).isEqualTo(4);
  }

  @Test
  void fiveIfSomethingIsWithheld() {
    String credential =
        "credential: {basic: {username: u, password: {file: %s}}}"
            .formatted(directory.resolve("secrets/absent"));
    fixture
        .repository()
        .write(
            "lab.yaml",
            HostFixture.OPEN_REGISTRY.replace("credential: {anonymous: {}}", credential))
        .commit("A password that nobody has written yet");
    Shell.Ended apply = fixture.run("apply");
    assertThat(apply.exitCode()).isEqualTo(5);
    assertThat(apply.out()).contains("CredentialWithheld");
    assertThat(settings()).as("the rest is applied").contains("lab.example:5000");
  }

  @Test
  void seventyIfOurOwnContractIsBroken() {
    var err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(new Broken()))
            .setErr(new PrintWriter(err))
            .execute("validate", fixture.repository().work().toString());
    assertThat(exitCode).isEqualTo(70);
    assertThat(err.toString())
        .startsWith("This is a bug in tidewaiter")
        .contains("at dev.tidewaiter");
  }

  @Test
  void theNumbersAreThoseOfTheTable() {
    assertThat(ExitCode.values())
        .extracting(ExitCode::number)
        .containsExactly(0, 1, 2, 3, 4, 5, 70);
    for (ExitCode code : ExitCode.values()) {
      assertThat(Shell.run("--help").out()).containsPattern("(?m)^ *" + code.number() + " ");
    }
  }

  private String settings() {
    try {
      return Files.readString(fixture.root().resolve("etc/docker/daemon.json"));
    } catch (IOException e) {
      throw new AssertionError("not written", e);
    }
  }

  /// Throws what no command expects.
  private static final class Broken extends Writer {
    @Override
    public void write(char[] characters, int offset, int length) {
      throw new IllegalStateException("a contract of ours");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
