package dev.tidewaiter.cli;

import dev.tidewaiter.config.Bindings;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.reconcile.Loading;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Loads a revision by the rules of the declarations and by what this daemon's configuration lets
/// them refer to.
final class RevisionLoading implements Loading {
  private final Source source;
  private final DaemonConfiguration configuration;
  private final DeclarationLoader loader = new DeclarationLoader();

  RevisionLoading(Source source, DaemonConfiguration configuration) {
    this.source = source;
    this.configuration = configuration;
  }

  @Override
  public Loaded load(Revision revision, @Nullable Declarations inForce) throws SourceException {
    var order = Additions.along(source.history(revision), source::snapshot);
    Loaded loaded =
        Additions.load(loader, source.snapshot(revision), LoadContext.applying(inForce, order));
    return switch (loaded) {
      case Loaded.Rejected rejected -> rejected;
      case Loaded.Accepted accepted -> {
        List<Problem> unbound = Bindings.check(accepted.declarations(), configuration);
        yield unbound.isEmpty() ? accepted : new Loaded.Rejected(unbound);
      }
    };
  }
}
