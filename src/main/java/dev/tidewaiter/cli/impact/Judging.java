package dev.tidewaiter.cli.impact;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.policy.Workload;
import java.util.Collections;
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
/// A namespace may have changed its environment, or have several, so workloads are judged by what
/// governs their namespace before and after.
public final class Judging {
  private final ClustersSnapshot.Cluster cluster;
  private final SortedMap<String, Environment> declared;
  private final SortedMap<String, SortedMap<String, Governed>> before;
  private final SortedMap<String, SortedMap<String, Governed>> after;

  /// @param snapshot that the cluster is of
  /// @param was the declarations before
  /// @param is the declarations after
  public Judging(
      ClustersSnapshot snapshot,
      ClustersSnapshot.Cluster cluster,
      Declarations was,
      Declarations is) {
    this.cluster = cluster;
    this.declared = is.environments();
    this.before = Governed.in(snapshot, cluster, was);
    this.after = Governed.in(snapshot, cluster, is);
    // Of an environment whose declaration is gone nothing is withdrawn until it is retired.
    before.forEach(
        (namespace, governing) ->
            governing.values().stream()
                .filter(governed -> !declared.containsKey(governed.environment()))
                .forEach(governed -> governed.addTo(after, namespace)));
  }

  /// @param asked the only environment to show; null for all
  /// @param namespaces those to show
  public List<Affected> affected(@Nullable String asked, Predicate<String> namespaces) {
    var shares = new TreeMap<String, Share>();
    passages()
        .forEach(
            (passage, names) -> {
              List<Workload> workloads = in(names);
              for (String name : passage.environments()) {
                boolean shows = passage.shows(name, asked);
                Share share = shares.computeIfAbsent(name, _ -> new Share());
                share.add(
                    passage,
                    name,
                    passage.judge(name, workloads),
                    finding -> shows && namespaces.test(finding.workload().namespace()));
                if (shows && names.stream().anyMatch(namespaces)) {
                  share.show();
                }
              }
            });
    return shares.entrySet().stream()
        .filter(share -> share.getValue().isShown())
        .map(share -> affected(share.getKey(), share.getValue()))
        .filter(one -> !one.findings().isEmpty() || !one.unsupported().isEmpty())
        .toList();
  }

  private Affected affected(String environment, Share share) {
    return new Affected(
        environment,
        cluster.name(),
        frozen(declared.get(environment)),
        share.activation(),
        unsupported(share.governing()).orElse(List.of()),
        share.entries());
  }

  private static @Nullable String frozen(@Nullable Environment environment) {
    if (environment == null) {
      return null;
    }
    return switch (environment.suspend()) {
      case ALL -> "suspend: All";
      case STATE -> "suspend: State";
      case NONE ->
          switch (environment.driftMode()) {
            case DETECT_ONLY -> "driftMode: DetectOnly";
            case ENFORCE -> null;
          };
    };
  }

  private Map<Passage, Set<String>> passages() {
    var names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    var passages = new LinkedHashMap<Passage, Set<String>>();
    for (String name : names) {
      var passage = new Passage(at(before, name), at(after, name));
      passages.computeIfAbsent(passage, _ -> new TreeSet<>()).add(name);
    }
    return passages;
  }

  private static SortedMap<String, Governed> at(
      SortedMap<String, SortedMap<String, Governed>> governed, String namespace) {
    return governed.getOrDefault(namespace, Collections.emptySortedMap());
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
            .flatMap(governing -> governing.values().stream())
            .filter(was -> was.environment().equals(is.environment()))
            .map(Governed::governance)
            .anyMatch(was -> was != null && was.unsupported().equals(governance.unsupported()));
    return known ? Optional.empty() : Optional.of(governance.unsupported());
  }
}
