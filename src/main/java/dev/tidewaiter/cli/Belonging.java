package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.StaticSelection;
import dev.tidewaiter.desired.StaticSelection.Verdict;
import dev.tidewaiter.reconcile.Round;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// To which environment a namespace belongs, for commands that ask no cluster.
final class Belonging {
  private final List<Environment> served;
  private final StaticSelection selection;
  private final @Nullable Environment named;

  /// @param named the environment that the command line names; null for none
  /// @throws CommandFailure if there is no such environment
  Belonging(Declarations declarations, DaemonConfiguration configuration, @Nullable String named)
      throws CommandFailure {
    this.served =
        declarations.environments().values().stream()
            .filter(environment -> Round.served(configuration).test(environment.name()))
            .toList();
    this.selection = new StaticSelection(configuration.clusters());
    this.named = named == null ? null : find(named);
  }

  /// All that the daemon serves, or the one that is named.
  List<Environment> environments() {
    return named == null ? served : List.of(named);
  }

  /// @return null if no environment selects it
  /// @throws CommandFailure if that depends on what only the cluster knows
  @Nullable Environment of(String namespace) throws CommandFailure {
    if (named != null) {
      return named;
    }
    List<Environment> selecting = by(Verdict.SELECTED, namespace);
    List<Environment> undecided = by(Verdict.UNDECIDED, namespace);
    if (selecting.size() == 1) {
      return selecting.getFirst();
    }
    if (selecting.isEmpty() && undecided.isEmpty()) {
      return null;
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "namespace %s: %s.%n  Name its environment with --environment: %s."
            .formatted(
                namespace,
                selecting.isEmpty()
                    ? "Its labels or its project decide to which environment it belongs, and no"
                        + " cluster is asked"
                    : "Several environments select it, each in a cluster of its own",
                names(selecting.isEmpty() ? undecided : selecting)));
  }

  private List<Environment> by(Verdict verdict, String namespace) {
    return served.stream()
        .filter(environment -> selection.of(environment, namespace) == verdict)
        .toList();
  }

  private Environment find(String name) throws CommandFailure {
    return served.stream()
        .filter(environment -> environment.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "--environment %s: There is no such environment in force.%n  Name one of %s."
                        .formatted(name, names(served))));
  }

  private static String names(List<Environment> environments) {
    return String.join(", ", environments.stream().map(Environment::name).toList());
  }
}
