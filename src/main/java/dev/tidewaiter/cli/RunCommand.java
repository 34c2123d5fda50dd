package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.model.PlainCause;
import dev.tidewaiter.reconcile.ReconcileLoop;
import dev.tidewaiter.reconcile.Schedule;
import dev.tidewaiter.serve.StatusServer;
import java.io.Console;
import java.io.IOException;
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
  // Null if not given: picocli takes an option whose value is true already for its opposite.
  private @Nullable Boolean plans;

  @Override
  public Integer call() throws CommandFailure {
    DaemonConfiguration configuration = options.load(Level.INFO);
    var asked = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    try (Wiring wiring = Wiring.ofDaemon(configuration);
        ReconcileLoop loop = loop(wiring);
        StatusServer server = server(configuration, loop)) {
      listen(server, configuration.listen());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(asked, ended), "stop"));
      loop.start();
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
    return ExitCode.OK.number();
  }

  private boolean showsPlans() {
    return plans == null ? isTerminal(System.console()) : plans;
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
        showsPlans() ? narration::tell : _ -> {});
  }

  private static StatusServer server(DaemonConfiguration configuration, ReconcileLoop loop) {
    Duration patience =
        LONGEST_ROUND.plus(configuration.repository().interval().multipliedBy(MISSED_INTERVALS));
    var listen = configuration.listen();
    return new StatusServer(
        listen.host(), listen.port(), () -> loop.hasProgressedWithin(patience), loop::status);
  }

  private static void listen(StatusServer server, DaemonConfiguration.Listen listen)
      throws CommandFailure {
    try {
      server.start();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "%s:%d: The daemon cannot listen there (%s).%n  Write an address of this machine that is free under `listen`."
              .formatted(listen.host(), listen.port(), PlainCause.of(e)));
    }
  }

  // The signal's thread. Closing happens in the main thread, which must not be waited for as such:
  // it ends in System.exit, and that waits for this hook. The exit code is ours, since a stop that
  // was asked for is no failure; the JDK would make it 128 and the signal's number.
  private static void stop(CountDownLatch asked, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    asked.countDown();
    try {
      ended.await();
      Runtime.getRuntime().halt(ExitCode.OK.number());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
