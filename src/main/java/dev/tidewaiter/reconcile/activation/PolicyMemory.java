package dev.tidewaiter.reconcile.activation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.target.Proof;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the cycles of one environment on one cluster remember of its policies, each for the rules
/// that they had: a hold, and what the proof came to.
///
/// Rules are known by the id of their governance.
public final class PolicyMemory {
  /// After that a proof that something stood in the way of is tried again.
  private static final Duration RETRY = Duration.ofMinutes(10);

  /// After that a host is tried again. Rules that it did not follow not sooner, because each trial
  /// may refuse for seconds what is allowed.
  private static final Duration LIFE_ON_A_HOST = Duration.ofHours(1);

  private final InstantSource clock;

  @GuardedBy("this")
  private @Nullable Held held;

  @GuardedBy("this")
  private @Nullable Proved proved;

  @GuardedBy("this")
  private long events;

  /// Of nothing yet.
  public PolicyMemory(InstantSource clock) {
    this.clock = clock;
  }

  private record Held(String rules, Activation activation) {}

  /// @param events how many there had been when it began
  private record Proved(String rules, Proof proof, Instant at, long events) {}

  /// Denials of these rules wait.
  public synchronized void held(String rules, Activation activation) {
    held = new Held(rules, activation);
  }

  /// No denials wait.
  public synchronized void releasedHold() {
    held = null;
  }

  /// Why these rules are held, as the last whole cycle found it.
  public synchronized Optional<Activation> heldFor(String rules) {
    Held last = held;
    return last == null || !last.rules.equals(rules)
        ? Optional.empty()
        : Optional.of(last.activation);
  }

  /// How often anything has happened on the target so far.
  public synchronized long events() {
    return events;
  }

  /// What a proof of these rules came to.
  ///
  /// @param eventsBefore the [#events] when it began: what happens in the seconds that it takes is
  ///   perhaps not in it
  public synchronized void proved(String rules, Proof proof, long eventsBefore) {
    proved = new Proved(rules, proof, clock.instant(), eventsBefore);
  }

  /// Something was written since, so that what was shown is shown no more. That rules did not do
  /// what they say is not forgotten: rolling them back is such a change.
  public synchronized void changed() {
    if (proved != null && !(proved.proof instanceof Proof.Refuted)) {
      proved = null;
    }
  }

  /// Something happened on the target, through whomever.
  public synchronized void noticed() {
    events++;
  }

  /// Forgets, after an hour, what a host was seen to do: unlike a cluster, its runtimes are
  /// upgraded and started anew, and read files of others, without any change of rules; what is
  /// written there is tried at once.
  ///
  /// What was shown is forgotten sooner where something happened since that began. Not at once,
  /// because it may be what we wrote ourselves, and each trial asks the registries.
  public synchronized void forgetOld() {
    Proved last = proved;
    if (last == null) {
      return;
    }
    boolean shaken = last.events != events && last.proof instanceof Proof.Proven;
    if (!clock.instant().isBefore(last.at.plus(shaken ? RETRY : LIFE_ON_A_HOST))) {
      proved = null;
    }
  }

  /// What was shown of these rules; empty if nothing was, or it has to be tried again.
  public synchronized Optional<Proof> proofOf(String rules) {
    Proved last = proved;
    if (last == null || !last.rules.equals(rules)) {
      return Optional.empty();
    }
    boolean settled =
        !(last.proof instanceof Proof.Inconclusive)
            || clock.instant().isBefore(last.at.plus(RETRY));
    return settled ? Optional.of(last.proof) : Optional.empty();
  }
}
