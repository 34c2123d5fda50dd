package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Bindings;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.KnownPositions;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.source.History;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns a revision into declarations, by all rules that hold for this daemon.
final class Loading {
  private final Source source;
  private final DeclarationLoader loader;
  private final DaemonConfiguration configuration;
  private final KnownPositions positions = new KnownPositions();

  Loading(Source source, DeclarationLoader loader, DaemonConfiguration configuration) {
    this.source = source;
    this.loader = loader;
    this.configuration = configuration;
  }

  /// @param inForce what was in force before it on its line; null for nothing
  /// @throws SourceException if the revision or its history could not be read
  Loaded load(Revision revision, @Nullable Declarations inForce) throws SourceException {
    Snapshot snapshot = source.snapshot(revision);
    History history = source.history(revision);
    var order = Additions.along(() -> history, source::snapshot, positions);
    return bound(Additions.load(loader, snapshot, LoadContext.applying(inForce, order)));
  }

  // Before anything is read from a secret store.
  private Loaded bound(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Rejected rejected -> rejected;
      case Loaded.Accepted accepted -> {
        List<Problem> problems = Bindings.check(accepted.declarations(), configuration);
        yield problems.isEmpty() ? accepted : new Loaded.Rejected(problems);
      }
    };
  }
}
