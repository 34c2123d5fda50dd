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
///
/// @param target the cluster's name, which the environment may have to name
/// @param ownNamespace where the daemon runs; empty if not in this cluster
record NamespaceSelection(NamespaceLimits limits, String target, String ownNamespace) {
  private static final List<String> SYSTEM = List.of("kube-*", "cattle-*", "openshift-*");

  /// Those it selects, whoever else does, without those that are going away.
  SortedMap<String, Surroundings.Namespace> select(
      Environment environment, Map<String, Surroundings.Namespace> namespaces) {
    var selected = new TreeMap<>(namespaces);
    selected.values().removeIf(namespace -> !selects(environment, namespace));
    return selected;
  }

  boolean selects(Environment environment, Surroundings.Namespace namespace) {
    List<String> clusters = environment.clusters();
    return environment.state() == Environment.State.ACTIVE
        && (clusters == null || clusters.contains(target))
        && !namespace.terminating()
        && mayBeSelected(namespace.name())
        && matches(environment.namespaces(), namespace);
  }

  private boolean mayBeSelected(String name) {
    return (limits.allow().isEmpty() || matchesAny(limits.allow(), name))
        && !matchesAny(limits.deny(), name);
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

  private static boolean matchesLabels(
      @Nullable Map<String, String> labels, Surroundings.Namespace namespace) {
    return labels != null && namespace.labels().entrySet().containsAll(labels.entrySet());
  }

  private static boolean matchesAny(List<String> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> glob(pattern).matcher(name).matches());
  }

  private static Pattern glob(String pattern) {
    return Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
  }
}
