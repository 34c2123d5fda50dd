package dev.tidewaiter.cli;

import dev.tidewaiter.cli.Comparison.Side;
import dev.tidewaiter.config.AdditionOrder;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.reconcile.Additions;
import dev.tidewaiter.source.History;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.LocalCheckout;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Revisions of a folder on the author's machine, without a daemon's configuration.
final class CheckoutRevisions {
  private static final History NO_COMMIT = new History(List.of(), true);

  private final LocalCheckout checkout;
  private final DeclarationLoader loader = new DeclarationLoader();

  private CheckoutRevisions(LocalCheckout checkout) {
    this.checkout = checkout;
  }

  /// @param from null for what is checked out
  /// @param to null for the files as they are on disk
  static Comparison read(Path folder, @Nullable String from, @Nullable String to)
      throws CommandFailure {
    try (LocalCheckout checkout = LocalCheckout.open(folder)) {
      var revisions = new CheckoutRevisions(checkout);
      return TimeLimit.OF_READING.keep(() -> revisions.compare(folder, from, to));
    } catch (SourceException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private Comparison compare(Path folder, @Nullable String from, @Nullable String to)
      throws SourceException, CommandFailure {
    Side before = at(from == null ? "HEAD" : from, null);
    return new Comparison(
        before,
        to == null ? workingTree(folder, before.declarations()) : at(to, before.declarations()));
  }

  private Side at(String name, @Nullable Declarations inForce)
      throws SourceException, CommandFailure {
    Revision revision = checkout.resolve(name);
    AdditionOrder order = Additions.along(() -> checkout.history(revision), checkout::snapshot);
    return load(revision.id(), checkout.snapshot(revision), LoadContext.validating(inForce, order));
  }

  private Side workingTree(Path folder, Declarations inForce)
      throws SourceException, CommandFailure {
    return load(
        "the files in " + folder,
        checkout.workingTree(),
        LoadContext.validating(inForce, orderOf(checkout)));
  }

  private Side load(String title, Snapshot snapshot, LoadContext context)
      throws SourceException, CommandFailure {
    return switch (Additions.load(loader, snapshot, context)) {
      case Loaded.Accepted(Declarations declarations, _) -> new Side(title, declarations);
      case Loaded.Rejected(List<Problem> problems) -> throw Declared.rejected(title, problems);
    };
  }

  /// When registries were added to the files on disk.
  static AdditionOrder orderOf(LocalCheckout checkout) {
    return checkout.isInRepository()
        ? Additions.along(() -> history(checkout), checkout::snapshot)
        : AdditionOrder.unknown();
  }

  private static History history(LocalCheckout checkout) throws SourceException {
    var head = checkout.head();
    return head.isEmpty() ? NO_COMMIT : checkout.history(head.get());
  }
}
