package dev.tidewaiter.cli;

import dev.tidewaiter.cli.ImageCheck.Result;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.reconcile.InForce;
import dev.tidewaiter.reconcile.Standing;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// What is in force, for commands that can say nothing without it.
final class Declared {
  private Declared() {}

  /// @throws CommandFailure if nothing is
  static InForce inForce(Standing standing) throws CommandFailure {
    InForce inForce = standing.inForce();
    if (inForce != null) {
      return inForce;
    }
    if (standing.problems().isEmpty()) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE,
          String.join("\n", conditions(standing)) + "\n  See that the repository answers.");
    }
    throw new CommandFailure(ExitCode.REJECTED, text(standing.problems()));
  }

  /// What to throw of a revision that cannot be compared.
  static CommandFailure rejected(String revision, List<Problem> problems) {
    return new CommandFailure(
        ExitCode.REJECTED, revision + ": The declarations are rejected.\n" + text(problems));
  }

  private static String text(List<Problem> problems) {
    return problems.stream().map(Object::toString).collect(Collectors.joining("\n"));
  }

  static List<String> conditions(Standing standing) {
    return standing.conditions().stream()
        .map(condition -> condition.reason() + ": " + condition.message())
        .toList();
  }

  /// What the images come to first, then how the repository stands.
  static ExitCode exitCode(Collection<Result> results, Standing standing) {
    if (results.stream().anyMatch(Result::isBad)) {
      return ExitCode.INCOMPLETE;
    }
    if (!standing.problems().isEmpty()) {
      return ExitCode.REJECTED;
    }
    return standing.unavailable() != null || results.stream().anyMatch(Result::isOpen)
        ? ExitCode.UNAVAILABLE
        : ExitCode.OK;
  }
}
