package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Scripts, of which some leave something running that has their output open, for a minute at most.
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(500);

  @TempDir private Path directory;

  @AfterEach
  void endWhatIsLeft() throws IOException {
    leftRunning().ifPresent(ProcessHandle::destroyForcibly);
  }

  private Command script(Duration limit, String... lines) throws IOException {
    Path script = Files.write(directory.resolve("script"), List.of(lines));
    return new Command(List.of("sh", script.toString(), directory.toString()), limit);
  }

  private Optional<ProcessHandle> leftRunning() throws IOException {
    Path pid = directory.resolve("pid");
    return Files.exists(pid)
        ? ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        : Optional.empty();
  }

  @Test
  void tellsItsStatusAndBothOfItsStreams() throws Exception {
    Command.Result result = script(LONG, "echo out; echo err >&2; cat; exit 3").run();
    assertThat(result).isEqualTo(new Command.Result(3, "out\nerr\n"));
  }

  @Test
  void readsMoreThanAPipeHoldsAndKeepsAMebibyte() throws Exception {
    Command.Result result = script(LONG, "head -c 3000000 /dev/zero", "exit 0").run();
    assertThat(result.succeeded()).isTrue();
    assertThat(result.output()).hasSize(1 << 20);
  }

  @Test
  void waitsForNothingThatItLeavesRunning() throws Exception {
    Command.Result result = script(LONG, "sleep 60 &", "echo $! > $1/pid", "echo started").run();
    assertThat(result).isEqualTo(new Command.Result(0, "started\n"));
    assertThat(leftRunning()).get().matches(ProcessHandle::isAlive, "a service goes on");
  }

  @Test
  void letsWhatItLeavesRunningWriteAfterIt() throws Exception {
    Command command =
        script(
            LONG,
            "mkfifo $1/go",
            "(read -r _ < $1/go; echo late; echo late >&2; echo written > $1/written) &",
            "echo $! > $1/pid");
    assertThat(command.succeeds()).isTrue();
    try (var go = new RandomAccessFile(directory.resolve("go").toFile(), "rw")) {
      go.write('\n');
      Await.until(LONG, () -> assertThat(directory.resolve("written")).hasContent("written"));
    }
  }

  @Test
  void tellsWhetherItSucceeds() throws Exception {
    assertThat(script(LONG, "head -c 3000000 /dev/zero", "exit 0").succeeds()).isTrue();
    assertThat(script(LONG, "exit 3").succeeds()).isFalse();
  }

  @Test
  void endsWithAllThatItStartedWhenItTakesTooLong() throws Exception {
    Command command = script(SHORT, "sleep 60 &", "echo $! > $1/pid", "wait");
    assertThatThrownBy(command::run)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it did not end within");
    Await.until(LONG, () -> assertThat(leftRunning().filter(ProcessHandle::isAlive)).isEmpty());
  }

  @Test
  void endsWhatIgnoresThatItHasNobodyToTalkTo() throws Exception {
    Command command = script(SHORT, "trap '' TERM PIPE", "while :; do echo more; done");
    assertThatThrownBy(command::run)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it did not end within");
  }

  @Test
  void saysThatThereIsNoSuchProgram() {
    assertThatThrownBy(() -> new Command(List.of("/no/such/program"), LONG).run())
        .isInstanceOf(IOException.class);
  }
}
