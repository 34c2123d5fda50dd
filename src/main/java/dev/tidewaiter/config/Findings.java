package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Problems or notes of a snapshot as they are found. Beyond [#MOST] they are not kept: a small
/// file can have hundreds of thousands, and nobody reads them.
final class Findings extends AbstractList<Problem> {
  static final int MOST = 1_000;

  private final List<Problem> kept = new ArrayList<>();
  private @Nullable Problem firstLost;

  @Override
  public boolean add(Problem problem) {
    if (kept.size() < MOST) {
      return kept.add(problem);
    }
    firstLost = firstLost == null ? problem : firstLost;
    return true;
  }

  @Override
  public Problem get(int index) {
    return kept.get(index);
  }

  @Override
  public int size() {
    return kept.size();
  }

  boolean isFull() {
    return kept.size() == MOST;
  }

  /// Those that were kept, and where they are not all, one that says so.
  List<Problem> told() {
    if (firstLost == null) {
      return kept;
    }
    var told = new ArrayList<>(kept);
    told.add(
        new Problem(
            firstLost.place(),
            "Here and elsewhere there is more than the " + MOST + " messages that are kept.",
            "See to the others first."));
    return told;
  }
}
