package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.plan.Approval;
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
/// @param regime as declared, as far as the cluster applies it
/// @param namespaces all of the cluster, by name
record Judgement(
    Governance governance,
    Regime regime,
    Enforced enforced,
    Map<String, Surroundings.Namespace> namespaces) {
  private static final Comparator<Activation.Denied> ORDER =
      Comparator.comparing(
          Activation.Denied::workload,
          Comparator.comparing(Workload::kind)
              .thenComparing(Workload::namespace)
              .thenComparing(Workload::name));

  Activation of(List<Workload> workloads) {
    List<Activation.Denied> denied = denied(workloads);
    int critical = (int) denied.stream().filter(one -> one.workload().critical()).count();
    int ordinary = denied.size() - critical;
    var limits =
        governance.declared() == null
            ? RegistryPolicy.Activation.DEFAULT
            : governance.declared().activation();
    boolean approved =
        ordinary <= limits.maxDenied()
            || Approval.read(limits.approve())
                .filter(approval -> approval.covers(governance.id(), ordinary))
                .isPresent();
    return new Activation(
        critical > 0 || !approved,
        denied,
        approved || governance.declared() == null
            ? null
            : new Approval(governance.id(), ordinary).toString(),
        null);
  }

  /// What is decided while it is not known what runs: what works stays.
  static Activation withoutWorkloads(String reason) {
    return new Activation(true, List.of(), null, reason);
  }

  private List<Activation.Denied> denied(List<Workload> workloads) {
    var byRegime = new LinkedHashMap<@Nullable Regime, List<Workload>>();
    for (Workload workload : workloads) {
      Surroundings.Namespace namespace = namespaces.get(workload.namespace());
      Regime before = namespace == null ? null : enforced.in(namespace).orElse(null);
      byRegime.computeIfAbsent(before, _ -> new ArrayList<>()).add(workload);
    }
    var images = new LinkedHashMap<Workload, List<Activation.Image>>();
    byRegime.forEach(
        (before, governed) -> {
          for (Impact.Finding finding : Impact.between(before, regime, governed).findings()) {
            if (finding.effect() instanceof Effect.Denied(var verdict)) {
              String reason = reason(finding.image(), verdict);
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

  private String reason(String image, Verdict verdict) {
    String pulled = regime.admitted(image);
    String why =
        switch (verdict) {
          case Verdict.Allowed _ -> throw new IllegalStateException("denied and allowed: " + image);
          case Verdict.NotListed() -> "not on the allow-list";
          case Verdict.Inactive(_, String registry) ->
              "its registry, " + registry + ", is inactive";
          case Verdict.Malformed() -> "no valid image reference";
        };
    return pulled.equals(image) ? why : "becomes " + pulled + ", " + why;
  }
}
