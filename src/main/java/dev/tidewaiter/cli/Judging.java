package dev.tidewaiter.cli;

import dev.tidewaiter.cli.ImpactDocument.Activation;
import dev.tidewaiter.cli.ImpactDocument.Affected;
import dev.tidewaiter.cli.ImpactDocument.Entry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.plan.Approval;
import dev.tidewaiter.policy.Effect;
import dev.tidewaiter.policy.Impact;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Judges what runs in one cluster by two revisions of the declarations.
///
/// A namespace may have changed its environment, so workloads are judged by what governs their
/// namespace before and after.
final class Judging {
  private final ClustersSnapshot.Cluster cluster;
  private final SortedMap<String, Governed> before;
  private final SortedMap<String, Governed> after;

  Judging(ClustersSnapshot snapshot, ClustersSnapshot.Cluster cluster, Comparison compared) {
    this.cluster = cluster;
    this.before = Governed.in(snapshot, cluster, compared.before().declarations());
    this.after = Governed.in(snapshot, cluster, compared.after().declarations());
    // Of an environment whose declaration is gone nothing is withdrawn until it is retired.
    Set<String> declared = compared.after().declarations().environments().keySet();
    before.entrySet().stream()
        .filter(entry -> !declared.contains(entry.getValue().environment()))
        .forEach(entry -> after.putIfAbsent(entry.getKey(), entry.getValue()));
  }

  /// What governs some namespaces, before and after.
  private record Passage(@Nullable Governed was, @Nullable Governed is) {
    /// The environment that is to be named.
    String environment() {
      Governed governed = is == null ? was : is;
      return governed == null ? "" : governed.environment();
    }

    boolean concerns(String environment) {
      return (was != null && was.environment().equals(environment))
          || (is != null && is.environment().equals(environment));
    }

    Impact judge(List<Workload> workloads) {
      return Impact.between(regimeBefore(), is == null ? null : is.regime(), workloads);
    }

    // What was only warned of was admitted.
    private @Nullable Regime regimeBefore() {
      if (was == null) {
        return null;
      }
      return is != null && is.denies() && !was.denies() ? was.open() : was.regime();
    }
  }

  /// @param environment the only one to look at; null for all
  /// @param namespaces those to look at
  List<Affected> affected(@Nullable String environment, Predicate<String> namespaces) {
    var findings = new TreeMap<String, List<Impact.Finding>>();
    var entries = new TreeMap<String, List<Entry>>();
    var governing = new TreeMap<String, Governed>();
    passages(environment, namespaces)
        .forEach(
            (passage, names) -> {
              String name = passage.environment();
              Impact impact = passage.judge(in(names));
              Governed is = passage.is();
              if (is != null && is.governance() != null) {
                governing.put(name, is);
              }
              impact.findings().forEach(f -> add(entries, name, entry(f, is)));
              if (is != null && is.denies()) {
                impact.findings().forEach(f -> add(findings, name, f));
              }
            });
    var names = new TreeSet<>(entries.keySet());
    governing.forEach((name, is) -> unsupported(is).ifPresent(_ -> names.add(name)));
    return names.stream()
        .map(
            name ->
                new Affected(
                    name,
                    cluster.name(),
                    activation(governing.get(name), findings.getOrDefault(name, List.of())),
                    unsupported(governing.get(name)).orElse(List.of()),
                    entries.getOrDefault(name, List.of()).stream().distinct().toList()))
        .toList();
  }

  private static <T> void add(Map<String, List<T>> lists, String name, T one) {
    lists.computeIfAbsent(name, _ -> new ArrayList<>()).add(one);
  }

  private Map<Passage, Set<String>> passages(
      @Nullable String environment, Predicate<String> namespaces) {
    var names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    var passages = new LinkedHashMap<Passage, Set<String>>();
    names.stream()
        .filter(namespaces)
        .forEach(
            name -> {
              var passage = new Passage(before.get(name), after.get(name));
              if (environment == null || passage.concerns(environment)) {
                passages.computeIfAbsent(passage, _ -> new TreeSet<>()).add(name);
              }
            });
    return passages;
  }

  private List<Workload> in(Set<String> namespaces) {
    return cluster.workloads().stream()
        .filter(workload -> namespaces.contains(workload.namespace()))
        .toList();
  }

  /// What the cluster cannot do, as far as it could at the revision before.
  private Optional<List<String>> unsupported(@Nullable Governed is) {
    Governance governance = is == null ? null : is.governance();
    if (is == null || governance == null || governance.unsupported().isEmpty()) {
      return Optional.empty();
    }
    boolean known =
        before.values().stream()
            .filter(was -> was.environment().equals(is.environment()))
            .map(Governed::governance)
            .anyMatch(was -> was != null && was.unsupported().equals(governance.unsupported()));
    return known ? Optional.empty() : Optional.of(governance.unsupported());
  }

  private static @Nullable Activation activation(
      @Nullable Governed is, List<Impact.Finding> findings) {
    List<Workload> denied = new Impact(findings).denied();
    Governance governance = is == null ? null : is.governance();
    if (denied.isEmpty() || governance == null) {
      return null;
    }
    RegistryPolicy policy = governance.declared();
    var limits = policy == null ? RegistryPolicy.Activation.DEFAULT : policy.activation();
    List<String> critical =
        denied.stream().filter(Workload::critical).map(Workload::title).toList();
    int ordinary = denied.size() - critical.size();
    boolean approved =
        ordinary <= limits.maxDenied()
            || Approval.read(limits.approve())
                .filter(approval -> approval.covers(governance.id(), ordinary))
                .isPresent();
    return new Activation(
        denied.size(),
        limits.maxDenied(),
        critical,
        !critical.isEmpty() || !approved,
        policy == null ? null : policy.name(),
        approved || policy == null ? null : new Approval(governance.id(), ordinary).toString());
  }

  private static Entry entry(Impact.Finding finding, @Nullable Governed is) {
    Workload workload = finding.workload();
    return new Entry(
        word(finding.effect(), is),
        workload.kind(),
        workload.namespace(),
        workload.name(),
        workload.critical(),
        finding.image(),
        detail(finding, is));
  }

  private static String word(Effect effect, @Nullable Governed is) {
    return switch (effect) {
      case Effect.Denied _ -> denial(is);
      case Effect.Moved _ -> "Moved";
      case Effect.Stripped _ -> "Stripped";
    };
  }

  private static String denial(@Nullable Governed is) {
    Governance governance = is == null ? null : is.governance();
    if (governance == null || governance.denies()) {
      return "Denied";
    }
    RegistryPolicy policy = governance.declared();
    return switch (policy == null ? RegistryPolicy.Enforcement.DENY : policy.enforcement()) {
      case DENY -> "Unenforced";
      case WARN -> "Warned";
      case AUDIT -> "Audited";
    };
  }

  private static String detail(Impact.Finding finding, @Nullable Governed is) {
    return switch (finding.effect()) {
      case Effect.Denied(var verdict) ->
          is == null
              ? ""
              : is.regime().rules().explain(is.regime().admitted(finding.image()), verdict);
      case Effect.Moved(String from, String to) -> from + " -> " + to;
      case Effect.Stripped(var address) ->
          "pulled without the credential for " + address + " that it had";
    };
  }
}
