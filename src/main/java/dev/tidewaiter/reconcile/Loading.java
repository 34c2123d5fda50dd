package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.SourceException;
import org.jspecify.annotations.Nullable;

/// Turns a revision into declarations, by all rules that hold for this daemon.
@FunctionalInterface
public interface Loading {
  /// @param inForce what was in force before it on its line; null for nothing
  /// @throws SourceException if the revision or its history could not be read
  Loaded load(Revision revision, @Nullable Declarations inForce) throws SourceException;
}
