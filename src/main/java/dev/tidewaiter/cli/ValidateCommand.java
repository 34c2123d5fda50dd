package dev.tidewaiter.cli;

import dev.tidewaiter.config.AdditionOrder;
import dev.tidewaiter.config.Bindings;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.reconcile.Additions;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.LocalCheckout;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `validate`: are the declarations in a folder right? It needs no server.
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description =
        "Checks the declarations in a folder, committed or not, and reports all problems at once.")
final class ValidateCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = ".",
      description = "The folder; by default, this one.")
  private Path path = Path.of(".");

  @Option(
      names = "--since",
      paramLabel = "REV",
      description =
          "Also check what may not change since a revision that is in force: a branch, a tag or an"
              + " id.")
  private @Nullable String since;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Also check what a daemon's configuration allows its declarations to refer to.")
  private @Nullable Path configuration;

  @Mixin private OutputOption output = new OutputOption();

  private final DeclarationLoader loader = new DeclarationLoader();

  @Override
  public Integer call() throws CommandFailure {
    @Nullable DaemonConfiguration daemon =
        configuration == null ? null : ConfigurationFile.load(configuration);
    try (LocalCheckout checkout = LocalCheckout.open(path)) {
      var report = TimeLimit.OF_READING.keep(() -> report(checkout, daemon));
      output.print(report);
      return (report.accepted() ? ExitCode.OK : ExitCode.REJECTED).number();
    } catch (SourceException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private ProblemReport report(LocalCheckout checkout, @Nullable DaemonConfiguration daemon)
      throws SourceException, CommandFailure {
    var snapshot = checkout.workingTree();
    Loaded loaded =
        Additions.load(
            loader,
            snapshot,
            LoadContext.validating(inForce(checkout), CheckoutRevisions.orderOf(checkout)));
    return switch (loaded) {
      case Loaded.Rejected(List<Problem> problems) ->
          ProblemReport.of(path.toString(), snapshot, problems, List.of());
      case Loaded.Accepted(Declarations declarations, List<Problem> notes) ->
          ProblemReport.of(
              path.toString(),
              snapshot,
              daemon == null ? List.of() : Bindings.check(declarations, daemon),
              notes);
    };
  }

  private @Nullable Declarations inForce(LocalCheckout checkout)
      throws SourceException, CommandFailure {
    if (since == null) {
      return null;
    }
    Revision revision = checkout.resolve(since);
    var context = LoadContext.validating(null, AdditionOrder.unknown());
    return switch (loader.load(checkout.snapshot(revision), context)) {
      case Loaded.Accepted(Declarations declarations, _) -> declarations;
      case Loaded.Rejected(List<Problem> problems) ->
          throw new CommandFailure(
              ExitCode.USAGE,
              "--since %s: The declarations there are rejected themselves, so they cannot be in force.%n  Name a revision that is. Its first problem: %s"
                  .formatted(since, problems.getFirst()));
    };
  }
}
