package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first two steps of a round: fetch, and find the revision in force.
///
/// In force is the newest commit on the first-parent line, at most 100 back, that loads without
/// problems. Whether it does can depend on what was in force before it (an address is immutable),
/// so the line is walked from its old end: from what is in force in this process, else from what
/// was settled, else from 100 back. All three give the same result, so a restart changes nothing.
///
/// A defect that one revision brings to light rejects that revision, and one in reading the
/// repository makes it unavailable: what is in force must be refreshed meanwhile, and a revert must
/// heal it. So is a revision rejected whose loading does not end in time, until it does.
final class Repository {
  private static final Logger LOG = LoggerFactory.getLogger(Repository.class);
  private static final int REACH = 100;
  private static final List<Problem> DEFECT =
      List.of(
          new Problem(
              Place.of(""),
              "A defect of Tidewaiter ended the loading of this revision.",
              "Revert it, or push a newer one, and report the defect: the log says where it is."));

  private static final List<Problem> ENDLESS =
      List.of(
          new Problem(
              Place.of(""),
              "The loading of this revision has not ended in time, and goes on.",
              "Wait for it, revert it, or push one with fewer and simpler files."));

  private final Source source;
  private final TimelyLoading loading;
  private volatile String activity = "";
  private volatile long lookedAt;

  Repository(Source source, TimelyLoading loading) {
    this.source = source;
    this.loading = loading;
  }

  /// @param action called, from any thread, when the loading of a revision ended late
  void whenLate(Runnable action) {
    loading.whenLate(action);
  }

  /// Whether the loading of a revision ended after it was last looked at.
  boolean hasNews() {
    return loading.lateEnds() != lookedAt;
  }

  /// What it is about, or was the last time, as the reason for not knowing more yet.
  String activity() {
    return activity;
  }

  /// Where the repository stands now. If it does not answer, what stood before goes on; after a
  /// restart, what was fetched before.
  Standing stand(Standing before) {
    try {
      activity = "the repository is still answering";
      return at(source.fetch(), before);
    } catch (SourceException e) {
      return known(before).unavailableBecause(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      logDefect(e, "");
      return known(before)
          .unavailableBecause(
              "a defect of Tidewaiter ended the reading of the repository; its log says where");
    }
  }

  /// Where it stood the last time that is known. Nobody is asked.
  Standing known(Standing before) {
    try {
      activity = "what was fetched before is still being read";
      Optional<Revision> fetched = source.lastFetched();
      return before.inForce() == null && fetched.isPresent() ? at(fetched.get(), before) : before;
    } catch (SourceException _) {
      return before;
    } catch (RuntimeException | Error e) {
      logDefect(e, "");
      return before;
    }
  }

  private Standing at(Revision head, Standing before) throws SourceException {
    Revision settled = source.settled();
    boolean rewritten = isRewritten(head, settled, before);
    long lateEnds = loading.lateEnds();
    if (lateEnds == lookedAt && head.equals(before.attempted())) {
      return new Standing(head, before.inForce(), before.problems(), null, settled, rewritten);
    }
    Found found = find(head, before.inForce(), settled);
    // Not before: if that failed, what ended late is still to be looked at.
    lookedAt = lateEnds;
    return new Standing(
        found.attempted(head),
        found.inForce(),
        found.problems(),
        null,
        settled,
        rewritten || (before.inForce() == null && found.older()));
  }

  private boolean isRewritten(Revision head, @Nullable Revision settled, Standing before)
      throws SourceException {
    InForce last = before.inForce();
    boolean stillUnsettled =
        before.rewritten() && (settled == null || settled.equals(before.settled()));
    return stillUnsettled
        || (settled != null && !source.isAncestor(settled, head))
        || (last != null && !source.isAncestor(last.revision(), head));
  }

  private Found find(Revision head, @Nullable InForce last, @Nullable Revision settled)
      throws SourceException {
    List<Revision> line = source.history(head).revisions();
    List<Revision> reachable = line.subList(0, Math.min(line.size(), REACH + 1));
    int current = last == null ? -1 : reachable.indexOf(last.revision());
    if (current >= 0) {
      return walk(reachable.subList(0, current), last, settled);
    }
    int anchor = settled == null ? -1 : reachable.indexOf(settled);
    Found found = walk(reachable.subList(0, anchor + 1), null, settled);
    if (found.inForce() != null) {
      return found;
    }
    Found any = walk(reachable, null, settled);
    return anchor < 0 ? any : any.olderThanSettled();
  }

  /// @param newer newest first, none of them looked at yet
  private Found walk(List<Revision> newer, @Nullable InForce start, @Nullable Revision settled)
      throws SourceException {
    InForce inForce = start;
    List<Problem> problems = List.of();
    boolean complete = true;
    boolean older = false;
    for (Revision revision : newer.reversed()) {
      Loaded loaded;
      complete = true;
      try {
        loaded = load(revision, inForce, settled);
      } catch (RuntimeException | Error e) {
        // Nothing older may take the place of what was in force before a restart.
        if (revision.equals(settled) || (isMomentary(e) && inForce == null)) {
          throw e;
        }
        logDefect(e, revision.id());
        complete = !isMomentary(e);
        loaded = new Loaded.Rejected(DEFECT);
      }
      switch (loaded) {
        case Loaded.Accepted accepted -> {
          inForce = new InForce(revision, accepted.declarations(), accepted.notes());
          problems = List.of();
          older = false;
        }
        case Loaded.Rejected rejected -> {
          problems = rejected.problems();
          older |= problems.equals(ENDLESS);
        }
      }
    }
    return new Found(inForce, problems, complete, older);
  }

  private Loaded load(Revision revision, @Nullable InForce inForce, @Nullable Revision settled)
      throws SourceException {
    activity = "revision " + revision + " is still being loaded";
    Optional<Loaded> loaded = loading.load(revision, inForce);
    if (loaded.isEmpty() && revision.equals(settled)) {
      throw new SourceException(activity, null);
    }
    return loaded.orElseGet(() -> new Loaded.Rejected(ENDLESS));
  }

  /// Whether it may be for others that memory was short, so that it is worth another attempt.
  private static boolean isMomentary(Throwable thrown) {
    return thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError);
  }

  private static void logDefect(Throwable thrown, String revision) {
    DefectLog.of(LOG, thrown).addKeyValue("revision", revision).log();
  }

  /// @param complete whether the newest was looked at
  /// @param older whether something newer may have been in force before a restart: what has not
  ///   been loaded yet, or what is settled and rejected now
  private record Found(
      @Nullable InForce inForce, List<Problem> problems, boolean complete, boolean older) {
    Found olderThanSettled() {
      return new Found(inForce, problems, complete, true);
    }

    /// @return what need not be looked at again
    Revision attempted(Revision head) {
      return complete || inForce == null ? head : inForce.revision();
    }
  }
}
