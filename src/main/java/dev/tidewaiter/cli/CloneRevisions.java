package dev.tidewaiter.cli;

import dev.tidewaiter.cli.Comparison.Side;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.reconcile.InForce;
import dev.tidewaiter.reconcile.Round;
import dev.tidewaiter.reconcile.Standing;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Revisions of the repository that a daemon follows, by all rules that hold for that daemon.
final class CloneRevisions {
  private final Source source;
  private final Round round;

  CloneRevisions(Source source, Round round) {
    this.source = source;
    this.round = round;
  }

  /// @param from null for what is in force
  /// @param to null for the newest
  Comparison read(@Nullable String from, @Nullable String to) throws CommandFailure {
    Standing standing = round.declared();
    String unavailable = standing.unavailable();
    Revision newest = standing.attempted();
    if (unavailable != null || newest == null) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE, unavailable + "\n  See that the repository answers.");
    }
    try {
      Side before = from == null ? inForce(standing) : load(find(from), null);
      return new Comparison(before, load(to == null ? newest : find(to), before.declarations()));
    } catch (SourceException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  private static Side inForce(Standing standing) throws CommandFailure {
    InForce inForce = Declared.inForce(standing);
    return new Side(inForce.revision().id(), inForce.declarations());
  }

  private Revision find(String name) throws SourceException, CommandFailure {
    return source
        .find(name)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    name
                        + ": There is no such revision on what the daemon follows.\n  Name a commit of"
                        + " its branch, or read a checkout that has it with --checkout."));
  }

  private Side load(Revision revision, @Nullable Declarations before)
      throws SourceException, CommandFailure {
    return switch (TimeLimit.OF_READING.keep(() -> round.load(revision, before))) {
      case Loaded.Accepted(Declarations declarations, _) -> new Side(revision.id(), declarations);
      case Loaded.Rejected(List<Problem> problems) ->
          throw Declared.rejected(revision.id(), problems);
    };
  }
}
