package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Why a command cannot go on: the place first, one sentence, and then what to do.
class CommandFailureTest {
  private static final Duration START = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private HostFixture fixture;

  @BeforeEach
  void makeInstallation() throws IOException {
    fixture = new HostFixture(directory);
  }

  @Test
  void theConfigurationIsNotThere() throws IOException {
    Files.delete(fixture.configuration());
    Shell.Ended ended = fixture.run("apply");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith(fixture.configuration() + ":");
  }

  @Test
  void theStateDirectoryCannotBeMade() throws IOException {
    Files.writeString(fixture.state(), "a file where a directory should be");
    Shell.Ended ended = fixture.run("apply");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            """
            %s: The state directory cannot be used (something else is in its place).
              Make it, let it belong to the user that tidewaiter runs as, or name another with `stateDirectory`.
            """
                .formatted(fixture.state()));
  }

  @Test
  void aFlagWinsOverTheFile() throws IOException {
    Files.writeString(fixture.state(), "must not be used: a flag names another");
    Path other = directory.resolve("other");
    assertThat(fixture.run("apply", "--state-directory", other.toString()).exitCode()).isZero();
    assertThat(other).isDirectory();
  }

  @Test
  void theListenAddressIsTaken() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String listen = "127.0.0.1:" + taken.getLocalPort();
      fixture.writeConfiguration(fixture.repository().url().toString(), listen);
      Shell.Ended ended = fixture.run("run");
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err())
          .isEqualTo(
              """
              %s: The daemon cannot listen there (the address is in use, not of this machine, or reserved).
                Write an address of this machine that is free under `listen`.
              """
                  .formatted(listen));
      assertThat(fixture.run("apply").exitCode()).as("the lock is released").isZero();
    }
  }

  @Test
  void theDaemonStopsCleanlyAndKeepsOthersOutUntilThen() throws IOException {
    fixture.writeConfiguration(fixture.repository().url().toString(), "127.0.0.1:" + freePort());
    try (var daemon =
        TidewaiterProcess.start(
            directory, "run", "--plans", "--config", fixture.configuration().toString())) {
      Await.untilTrue(
          START, "the first cycle is told", () -> daemon.output().contains("1 applied"));
      Shell.Ended second = fixture.run("diff");
      assertThat(second.exitCode()).isEqualTo(2);
      assertThat(second.err())
          .isEqualTo(
              """
              %s: Another tidewaiter uses this state directory.
                Stop it, or name another directory with --state-directory.
              """
                  .formatted(fixture.state()));
      assertThat(daemon.stop().exitCode()).isZero();
    }
    assertThat(fixture.run("diff").exitCode()).as("everything was applied").isZero();
  }

  @Test
  void theEnvironmentIsNotInForce() {
    Shell.Ended ended = fixture.run("diff", "--environment", "prodution");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            """
            --environment prodution: There is no such environment in force.
              Name one of production.
            """);
    assertThat(fixture.run("diff", "--environment", "production").exitCode()).isEqualTo(1);
  }

  @Test
  void anActiveEnvironmentIsNotWithdrawn() {
    Shell.Ended ended = fixture.run("withdraw", "production", "--remove");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("is declared and Active at environment.yaml:");
  }

  @Test
  void oneHostIsTakenOutOfAnEnvironmentThatStaysActive() throws IOException {
    assertThat(fixture.run("apply").exitCode()).isZero();
    Path settings = fixture.root().resolve("etc/docker/daemon.json");
    assertThat(settings).exists();
    Files.writeString(
        fixture.configuration(), "  environments: [other]\n", StandardOpenOption.APPEND);
    assertThat(fixture.run("diff").out()).contains("`tidewaiter withdraw production --remove`");
    Shell.Ended ended = fixture.run("withdraw", "production", "--remove");
    assertThat(ended).returns(0, Shell.Ended::exitCode);
    assertThat(ended.out()).contains("1 removed");
    assertThat(settings).doesNotExist();
  }

  @Test
  void whatNobodyKnowsIsNotWithdrawn() {
    Shell.Ended ended = fixture.run("withdraw", "nope", "--keep");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            """
            Environment nope: It is not declared, and nothing of it is on any target.
              Name one of production.
            """);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void withdrawingNeedsOneWordOnWhatBecomesOfThings() {
    assertThat(fixture.run("withdraw", "production").exitCode()).isEqualTo(2);
    assertThat(fixture.run("withdraw", "production", "--keep", "--remove").exitCode()).isEqualTo(2);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
