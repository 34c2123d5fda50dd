package dev.tidewaiter.reconcile.activation;

import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.policy.Effect;
import dev.tidewaiter.policy.Impact;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.Verdict;
import dev.tidewaiter.policy.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Judges the workloads of an environment by the rules that are declared against those in force,
/// and decides whether the denials may be activated.
///
/// @param after what will be in force; of it, where the default registry applies
/// @param enforced what is in force
/// @param namespaces all of the cluster, by name
public record Judgement(
    Governance governance,
    Enforced after,
    Enforced enforced,
    Map<String, Surroundings.Namespace> namespaces) {
  private static final Comparator<Activation.Denied> ORDER =
      Comparator.comparing(
          Activation.Denied::workload,
          Comparator.comparing(Workload::kind)
              .thenComparing(Workload::namespace)
              .thenComparing(Workload::name));

  /// What is decided if these run.
  public Activation of(List<Workload> workloads) {
    List<Activation.Denied> denied = denied(workloads);
    Decision decision =
        Decision.of(governance, denied.stream().map(Activation.Denied::workload).toList());
    return new Activation(decision.held(), denied, decision.approval(), null);
  }

  /// What is decided while it is not known what runs: what works stays.
  public static Activation withoutWorkloads(String reason) {
    return new Activation(true, List.of(), null, reason);
  }

  private List<Activation.Denied> denied(List<Workload> workloads) {
    var byPassage = new LinkedHashMap<Passage, List<Workload>>();
    for (Workload workload : workloads) {
      byPassage
          .computeIfAbsent(passage(workload.namespace()), _ -> new ArrayList<>())
          .add(workload);
    }
    var images = new LinkedHashMap<Workload, List<Activation.Image>>();
    byPassage.forEach(
        (passage, governed) -> {
          Impact impact = Impact.between(passage.before, passage.after, governed);
          for (Impact.Finding finding : impact.findings()) {
            if (finding.effect() instanceof Effect.Denied(var verdict)) {
              String reason = reason(passage.after, finding.image(), verdict);
              images
                  .computeIfAbsent(finding.workload(), _ -> new ArrayList<>())
                  .add(new Activation.Image(finding.image(), reason));
            }
          }
        });
    return images.entrySet().stream()
        .map(entry -> new Activation.Denied(entry.getKey(), entry.getValue()))
        .sorted(ORDER)
        .toList();
  }

  /// From what is in force in a namespace to what is declared, as far as it comes about there.
  private record Passage(@Nullable Regime before, Regime after) {}

  // One that has come since they were listed is nobody's yet: all of it is new there.
  private Passage passage(String name) {
    Surroundings.Namespace namespace = namespaces.get(name);
    Regime declared = governance.regime();
    return namespace == null
        ? new Passage(null, declared)
        : new Passage(
            enforced.in(namespace).orElse(null),
            new Regime(declared.rules(), after.defaultIn(namespace), declared.credentials()));
  }

  private String reason(Regime regime, String image, Verdict verdict) {
    String pulled = regime.admitted(image);
    String why =
        switch (verdict) {
          case Verdict.Allowed _ -> throw new IllegalStateException("denied and allowed: " + image);
          case Verdict.NotListed() -> "not on the allow-list";
          case Verdict.Inactive(_, String registry) ->
              "its registry, " + registry + ", is inactive";
          case Verdict.Malformed() -> "no valid image reference";
        };
    if (!pulled.equals(image)) {
      return "becomes " + pulled + ", " + why;
    }
    return governance.regime().admitted(image).equals(image)
        ? why
        : why + "; the default registry is not applied";
  }
}
