package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.AdditionOrder;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.HistoryAdditionOrder;
import dev.tidewaiter.config.KnownPositions;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.source.History;
import dev.tidewaiter.source.SourceException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Loading that may have to read history: the bridge from `source`, whose reads can fail, to
/// `config`, which is pure.
public final class Additions {
  private Additions() {}

  /// Reads the files of a revision.
  public interface Snapshots {
    Snapshot at(Revision revision) throws SourceException;
  }

  /// Finds the history to read.
  public interface Histories {
    History find() throws SourceException;
  }

  /// The order of additions along a history, which is found and read when it is asked for.
  public static AdditionOrder along(Histories histories, Snapshots snapshots) {
    return along(histories, snapshots, new KnownPositions());
  }

  /// The same, by somebody who loads one revision after another.
  static AdditionOrder along(Histories histories, Snapshots snapshots, KnownPositions known) {
    return new AdditionOrder() {
      private @Nullable AdditionOrder found;

      @Override
      public Map<String, Position> positionsOf(Set<String> registries) {
        AdditionOrder order = found;
        if (order == null) {
          order = find(histories, snapshots, known);
          found = order;
        }
        return order.positionsOf(registries);
      }
    };
  }

  private static AdditionOrder find(
      Histories histories, Snapshots snapshots, KnownPositions known) {
    try {
      History history = histories.find();
      return new HistoryAdditionOrder(
          history.revisions(), history.complete(), throughUnchecked(snapshots), known);
    } catch (SourceException e) {
      throw new Unreadable(e);
    }
  }

  /// Loads a snapshot, with a history that cannot be read as the source's own exception.
  public static Loaded load(DeclarationLoader loader, Snapshot snapshot, LoadContext context)
      throws SourceException {
    try {
      return loader.load(snapshot, context);
    } catch (Unreadable e) {
      throw e.failure;
    }
  }

  private static Function<Revision, Snapshot> throughUnchecked(Snapshots snapshots) {
    return revision -> {
      try {
        return snapshots.at(revision);
      } catch (SourceException e) {
        throw new Unreadable(e);
      }
    };
  }

  /// Carries a failure through code that declares none.
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SourceException failure;

    Unreadable(SourceException failure) {
      super(failure);
      this.failure = failure;
    }
  }
}
