package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.Proof.Inconclusive;
import dev.tidewaiter.target.Proof.Proven;
import dev.tidewaiter.target.Proof.Refuted;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Shows what the policies of an environment do, with pods that are never made.
///
/// An API server takes a policy up in its own time, mostly within a second or two, so whatever does
/// not answer as it should is asked again for [#PATIENCE].
final class Proving {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(1600);

  private static final String ABSENT =
      "there is no namespace "
          + PolicyNames.PROOF_NAMESPACE
          + ". Apply the RBAC manifest, which has it.";

  private final Api api;
  private final Watches watches;
  private final Policies policies;
  private final String instance;

  Proving(Api api, Watches watches, Policies policies, String instance) {
    this.api = api;
    this.watches = watches;
    this.policies = policies;
    this.instance = instance;
  }

  Proof prove(String environment, Regime regime) {
    try {
      watches.await();
      if (watches.namespaces().find("", PolicyNames.PROOF_NAMESPACE).isEmpty()) {
        return new Inconclusive(ABSENT);
      }
      var owner = new Owner(instance, environment);
      List<ProofQuestion> questions =
          ProofQuestion.of(regime, policies.addedPullSecrets(environment), policies.admission());
      return answered(questions, owner);
    } catch (TargetException e) {
      return new Inconclusive(String.valueOf(e.getMessage()));
    } catch (ApiException e) {
      return new Inconclusive("cannot " + e.getMessage() + ".");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Inconclusive("it was interrupted.");
    }
  }

  private Proof answered(List<ProofQuestion> questions, Owner owner)
      throws ApiException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Round round = ask(questions, owner);
    Duration pause = FIRST_PAUSE;
    while (!round.isLast() && System.nanoTime() < deadline) {
      Thread.sleep(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
      round = ask(round.left(), owner);
    }
    return round.proof();
  }

  /// @param left questions that were not answered as they should be
  /// @param proof what that comes to, if nothing changes
  private record Round(List<ProofQuestion> left, Proof proof, boolean isLast) {}

  private Round ask(List<ProofQuestion> questions, Owner owner) throws ApiException {
    String policy = PolicyNames.policy(instance, owner.environment());
    var left = new ArrayList<ProofQuestion>();
    Proof proof = new Proven();
    for (ProofQuestion question : questions) {
      Reply reply = api.send(ProofPod.call(owner, question.image()));
      switch (ProofAnswer.of(reply, question, policy)) {
        case ProofAnswer.AsItShould() -> {}
        case ProofAnswer.Otherwise(String detail) -> {
          left.add(question);
          proof = new Refuted(detail + ".");
        }
        case ProofAnswer.Obstructed(String detail) -> {
          left.add(question);
          Proof obstructed = new Inconclusive(ProofAnswer.advised(detail));
          // What refuses a pod that is to be refused may only be faster than we.
          if (question.admitted() != null) {
            return new Round(left, obstructed, true);
          }
          proof = proof instanceof Refuted ? proof : obstructed;
        }
      }
    }
    return new Round(left, proof, left.isEmpty());
  }
}
