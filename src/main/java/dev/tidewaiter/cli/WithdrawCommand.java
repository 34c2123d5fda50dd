package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.plan.PlanText;
import dev.tidewaiter.reconcile.RoundResult;
import dev.tidewaiter.reconcile.Withdrawal;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `withdraw`: leaves an environment that is declared or served no more.
@Command(
    name = "withdraw",
    mixinStandardHelpOptions = true,
    description = {
      "Leaves an environment whose declaration is gone or Retired, or that this daemon does not serve"
          + " any more.",
      "Refused while it is declared Active and served here, since the daemon would only write"
          + " everything again."
    })
final class WithdrawCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private DaemonOptions options = new DaemonOptions();

  @Parameters(paramLabel = "ENVIRONMENT", description = "The environment's name.")
  private String environment = "";

  @ArgGroup(multiplicity = "1")
  private Way way = new Way();

  /// What becomes of what we wrote: exactly one of two words.
  private static final class Way {
    @Option(
        names = "--keep",
        required = true,
        description = "Leave everything where it is, as nobody's.")
    private boolean keep;

    @Option(names = "--remove", required = true, description = "Take everything of it away.")
    private boolean remove;

    boolean keeps() {
      return keep && !remove;
    }
  }

  @Override
  public Integer call() throws CommandFailure {
    try (Wiring wiring = Wiring.ofCommand(options.load(Level.WARN))) {
      RoundResult round = wiring.round().preview("withdraw");
      if (round.standing().unavailable() != null) {
        throw new CommandFailure(ExitCode.UNAVAILABLE, round.standing().unavailable());
      }
      var withdrawal = new Withdrawal(wiring.targets(), wiring.served(), wiring.setup());
      Withdrawal.Ended ended =
          way.keeps() ? withdrawal.keep(environment, round) : withdrawal.remove(environment, round);
      return switch (ended) {
        case Withdrawal.Ended.Refused(String reason) ->
            throw new CommandFailure(ExitCode.USAGE, reason);
        case Withdrawal.Ended.Carried carried -> print(carried).number();
      };
    }
  }

  private ExitCode print(Withdrawal.Ended.Carried carried) {
    PrintWriter out = spec.commandLine().getOut();
    for (Withdrawal.Left left : carried.targets()) {
      out.println(
          left.target()
              + ": "
              + left.resources().size()
              + (way.keeps() ? " released" : " removed"));
      left.resources().forEach(id -> out.println("  " + Visible.of(PlanText.name(id))));
      left.failures().forEach(failure -> out.println("  failed: " + Visible.of(failure)));
    }
    return carried.isComplete() ? ExitCode.OK : ExitCode.INCOMPLETE;
  }
}
