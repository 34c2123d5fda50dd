package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.reconcile.ReconcileLoop;
import dev.tidewaiter.reconcile.Schedule;
import dev.tidewaiter.serve.StatusServer;
import java.io.Console;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `run`: the daemon. It ends on SIGTERM and SIGINT, after the changes in flight.
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the daemon until it is told to stop.")
final class RunCommand implements Callable<Integer> {
  /// The loop looks at the clock at least once in an interval; three missed ones mean that it
  /// hangs.
  private static final int MISSED_INTERVALS = 3;

  /// A round may wait for Vault and Git, each with a time limit of its own.
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(5);

  @Spec private CommandSpec spec;

  @Mixin private DaemonOptions options = new DaemonOptions();

  @Option(
      names = "--plans",
      negatable = true,
      description =
          "Print each cycle's plan and result on standard output; by default, on a terminal.")
  private boolean plans = isTerminal(System.console());

  @Override
  public Integer call() throws CommandFailure {
    DaemonConfiguration configuration = options.load();
    var stopped = new CountDownLatch(1);
    try (Wiring wiring = Wiring.of(configuration);
        ReconcileLoop loop = loop(wiring);
        StatusServer server = server(configuration, loop)) {
      // Closing happens in the main thread; the hook only waits for it, so that the process does
      // not end before.
      Thread main = Thread.currentThread();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopped, main), "stop"));
      loop.start();
      server.start();
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK.number();
  }

  // The JDK documents that the console is null without one, and since 22 that it may also be no
  // terminal.
  private static boolean isTerminal(@Nullable Console console) {
    return console != null && console.isTerminal();
  }

  private ReconcileLoop loop(Wiring wiring) {
    var configuration = wiring.configuration();
    var narration = new Narration(spec.commandLine().getOut());
    return new ReconcileLoop(
        wiring.round(),
        wiring.source(),
        wiring.targets(),
        wiring.served(),
        wiring.setup(),
        new Schedule(configuration.repository().interval(), configuration.resyncInterval()),
        wiring.standingConditions(),
        plans ? narration::tell : _ -> {});
  }

  private static StatusServer server(DaemonConfiguration configuration, ReconcileLoop loop) {
    Duration patience =
        LONGEST_ROUND.plus(configuration.repository().interval().multipliedBy(MISSED_INTERVALS));
    var listen = configuration.listen();
    return new StatusServer(
        listen.host(), listen.port(), () -> loop.hasProgressedWithin(patience), loop::status);
  }

  private static void stop(CountDownLatch stopped, Thread main) {
    stopped.countDown();
    try {
      main.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
