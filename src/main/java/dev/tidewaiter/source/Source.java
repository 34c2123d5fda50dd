package dev.tidewaiter.source;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A config repository.
public interface Source extends AutoCloseable {
  /// Asks the remote where the declared branch, tag or pinned revision stands, and fetches only if
  /// that is not known yet.
  ///
  /// @throws SourceException if the remote does not answer, denies, has no such branch, or is
  ///   empty: what is in force stays
  Revision fetch() throws SourceException;

  /// Where [#fetch] found the reference the last time, also in an earlier process, if that revision
  /// can still be read; empty if it never succeeded here. Asks nobody.
  Optional<Revision> lastFetched() throws SourceException;

  /// The commit that an id, also a short one, or an expression such as `main~3` names, of what was
  /// fetched; empty if there is none, or several. Asks nobody.
  Optional<Revision> find(String name) throws SourceException;

  /// The files at a revision that was fetched before, beneath the declared sub-path.
  Snapshot snapshot(Revision revision) throws SourceException;

  /// The first-parent line that ends at a revision.
  History history(Revision head) throws SourceException;

  /// Whether one revision is reachable from another; false if `ancestor` is not known here.
  boolean isAncestor(Revision ancestor, Revision of) throws SourceException;

  /// The revision up to which everything, withdrawals included, was carried out; null before the
  /// first. Kept with the clone.
  @Nullable Revision settled() throws SourceException;

  /// Records that everything up to a revision was carried out.
  void settle(Revision revision) throws SourceException;

  @Override
  void close();
}
