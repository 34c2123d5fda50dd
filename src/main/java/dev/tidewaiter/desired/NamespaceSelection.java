package dev.tidewaiter.desired;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Environment;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which namespaces of one cluster an environment selects.
final class NamespaceSelection {
  /// Namespaces of clusters' own parts.
  static final List<String> SYSTEM_NAMES = List.of("kube-*", "cattle-*", "openshift-*");

  private static final List<Pattern> SYSTEM = patterns(SYSTEM_NAMES);

  private final List<Pattern> allow;
  private final List<Pattern> deny;
  private final String target;
  private final String ownNamespace;

  /// @param target the cluster's name, which the environment may have to name
  /// @param ownNamespace where the daemon runs; empty if not in this cluster
  NamespaceSelection(NamespaceLimits limits, String target, String ownNamespace) {
    this.allow = patterns(limits.allow());
    this.deny = patterns(limits.deny());
    this.target = target;
    this.ownNamespace = ownNamespace;
  }

  /// Those it selects, whoever else does, without those that are going away.
  SortedMap<String, Surroundings.Namespace> select(
      Environment environment, Map<String, Surroundings.Namespace> namespaces) {
    var selected = new TreeMap<>(namespaces);
    selected.values().removeIf(namespace -> !selects(environment, namespace));
    return selected;
  }

  boolean selects(Environment environment, Surroundings.Namespace namespace) {
    return serves(environment)
        && !namespace.terminating()
        && mayBeSelected(namespace.name())
        && matches(environment.namespaces(), namespace);
  }

  /// Whether its labels or its project may make the environment select a namespace.
  boolean maySelect(Environment environment, String name) {
    Environment.Namespaces clauses = environment.namespaces();
    return serves(environment)
        && mayBeSelected(name)
        && !clauses.exclude().contains(name)
        && !isSystem(name)
        && (clauses.matchLabels() != null || !clauses.projects().isEmpty());
  }

  /// Whether the environment has anything to do with this cluster.
  boolean serves(Environment environment) {
    List<String> clusters = environment.clusters();
    return environment.state() == Environment.State.ACTIVE
        && (clusters == null || clusters.contains(target));
  }

  private boolean mayBeSelected(String name) {
    return (allow.isEmpty() || matchesAny(allow, name)) && !matchesAny(deny, name);
  }

  private boolean matches(Environment.Namespaces clauses, Surroundings.Namespace namespace) {
    String name = namespace.name();
    if (clauses.exclude().contains(name)) {
      return false;
    }
    return clauses.names().contains(name)
        || (!isSystem(name)
            && (clauses.all()
                || matchesLabels(clauses.matchLabels(), namespace)
                || clauses.projects().contains(namespace.projectId())));
  }

  private boolean isSystem(String name) {
    return name.equals(ownNamespace) || matchesAny(SYSTEM, name);
  }

  static boolean matchesLabels(
      @Nullable Map<String, String> labels, Surroundings.Namespace namespace) {
    return labels != null && namespace.labels().entrySet().containsAll(labels.entrySet());
  }

  private static boolean matchesAny(List<Pattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }

  private static List<Pattern> patterns(List<String> globs) {
    return globs.stream().map(NamespaceSelection::pattern).toList();
  }

  /// `*` stands for any characters; everything else for itself.
  static Pattern pattern(String glob) {
    return Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
  }
}
