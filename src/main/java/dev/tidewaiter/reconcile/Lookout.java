package dev.tidewaiter.reconcile;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/// How the repository stands, for a daemon: it is found out in a thread of its own, once at a time,
/// so that neither a server that never ends its answer nor a revision that takes long delays more
/// of a round than a moment. Meanwhile what is known goes on; after a restart, what was fetched
/// before.
final class Lookout {
  private static final String REPOSITORY = "";

  private final Repository repository;
  private final Duration patience;
  private final Errands<String, Standing> errands;
  private volatile Standing fetchedBefore = Standing.UNKNOWN;
  private volatile Runnable late = () -> {};

  /// @param patience how long a round waits
  Lookout(Repository repository, Duration patience) {
    this.repository = repository;
    this.patience = patience;
    this.errands = new Errands<>("repository", 1, () -> late.run());
  }

  /// @param action called, from any thread, when it was found out after its round
  void whenLate(Runnable action) {
    late = action;
    repository.whenLate(action);
  }

  /// Where the repository stands now, or stood the last time that is known.
  Standing stand(Standing before) {
    try {
      Optional<Standing> found = errands.ask(REPOSITORY, () -> look(before), patience);
      if (found.isPresent() && found.get().unavailable() == null && repository.hasNews()) {
        // This look began before them, and they ask for no further round.
        late.run();
      }
      return found.orElseGet(() -> known(before).unavailableBecause(repository.activity()));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a defect ended the reading of the repository", e);
    }
  }

  private Standing look(Standing before) {
    Standing known = repository.known(before);
    fetchedBefore = known;
    return repository.stand(known);
  }

  private Standing known(Standing before) {
    Standing fetched = fetchedBefore;
    return before.inForce() == null && fetched.inForce() != null ? fetched : before;
  }
}
