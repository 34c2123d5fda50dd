package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Admission.Mutating;
import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.Proof.Inconclusive;
import dev.tidewaiter.target.Proof.Proven;
import dev.tidewaiter.target.Proof.Refuted;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.Seen.SeenPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

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
    String policy = PolicyNames.policy(instance, environment);
    try {
      watches.await(Set.of());
      if (watches.namespaces().find("", PolicyNames.PROOF_NAMESPACE).isEmpty()) {
        return new Inconclusive(ABSENT);
      }
      if (seen(ResourceKind.ALLOW_POLICY, environment, PolicyNames.candidate(instance, environment))
          .isPresent()) {
        return new Inconclusive("the activation is held, and what is held denies nothing.");
      }
      List<ProofQuestion> questions = ProofQuestion.of(regime, inForce(environment, policy));
      return answered(questions, environment, policy);
    } catch (TargetException e) {
      return new Inconclusive(e.getMessage());
    } catch (ApiException e) {
      return new Inconclusive("cannot " + e.getMessage() + ".");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Inconclusive("it was interrupted.");
    }
  }

  private ProofQuestion.InForce inForce(String environment, String policy) throws TargetException {
    Admission admission = policies.admission();
    // Who deletes a binding has not changed what should be denied.
    boolean denies =
        admission.validating()
            && seen(ResourceKind.ALLOW_BINDING, environment, PolicyNames.binding(policy, "proof"))
                .map(binding -> binding.rules().fields().getOrDefault("actions", ""))
                .map(actions -> actions.startsWith("Deny"))
                .orElse(true);
    SortedMap<String, String> added =
        admission.mutating() == Mutating.NONE
            ? new TreeMap<>()
            : seen(ResourceKind.DEFAULT_POLICY, environment, policy)
                .map(seen -> seen.rules().fields())
                .orElseGet(TreeMap::new);
    var secrets = new TreeSet<String>();
    for (String field : added.keySet()) {
      if (field.startsWith("secret/")) {
        secrets.add(field.substring("secret/".length()));
      }
    }
    return new ProofQuestion.InForce(denies, added.containsKey("default"), secrets);
  }

  private Optional<SeenPolicy> seen(ResourceKind kind, String environment, String name) {
    return policies.find(kind, name, environment);
  }

  private Proof answered(List<ProofQuestion> questions, String environment, String policy)
      throws ApiException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Duration pause = FIRST_PAUSE;
    List<ProofQuestion> open = questions;
    while (true) {
      var left = new ArrayList<ProofQuestion>();
      Proof last = new Proven();
      for (ProofQuestion question : open) {
        Reply reply = api.send(ProofPod.call(environment, question.image()));
        switch (ProofAnswer.of(reply, question, policy)) {
          case ProofAnswer.AsItShould _ -> {}
          case ProofAnswer.Otherwise(String detail) -> {
            left.add(question);
            last = new Refuted(detail + ".");
          }
          case ProofAnswer.Obstructed(String detail) -> {
            left.add(question);
            Proof obstructed = new Inconclusive(ProofAnswer.advised(detail));
            if (question.admitted() != null) {
              return obstructed;
            }
            last = last instanceof Refuted ? last : obstructed;
          }
        }
      }
      if (left.isEmpty() || System.nanoTime() > deadline) {
        return last;
      }
      open = left;
      Thread.sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }
}
