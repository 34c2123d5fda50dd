package dev.tidewaiter.testing;

import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.target.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What proofs of a target in memory come to, and which there were.
public final class InMemoryProofs {
  private final List<Regime> asked = new ArrayList<>();
  private Runnable during = () -> {};
  private Proof outcome = new Proof.Proven();
  private Optional<Proof.Inconclusive> weakness = Optional.empty();

  /// What every proof comes to from now on.
  public synchronized void set(Proof proof) {
    outcome = proof;
  }

  /// Called while each proof is under way, without a lock.
  public synchronized void during(Runnable action) {
    during = action;
  }

  /// Somebody else puts something there that weakens every denial, or takes it away: an empty text.
  public synchronized void weaken(String detail) {
    weakness = detail.isEmpty() ? Optional.empty() : Optional.of(new Proof.Inconclusive(detail));
  }

  /// What was to be proven, in this order.
  public synchronized List<Regime> asked() {
    return List.copyOf(asked);
  }

  synchronized Optional<Proof.Inconclusive> weakness() {
    return weakness;
  }

  Proof of(Regime regime) {
    Runnable meanwhile;
    synchronized (this) {
      asked.add(regime);
      meanwhile = during;
    }
    meanwhile.run();
    synchronized (this) {
      return outcome;
    }
  }
}
