package dev.tidewaiter.desired;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Environment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which namespaces the policies of an environment cover, in the words of a cluster: clauses that
/// also hold for namespaces that do not exist yet, and what is exempt from them.
///
/// Only configuration and Git exempt a namespace from rules. Marks in a namespace, such as the
/// record on a ServiceAccount that makes it look contested, decide who delivers credentials there:
/// its tenants write them, and must not get out of a denial with them.
final class GovernedNamespaces {
  /// The label that Rancher puts on the namespaces of a project.
  private final Environment environment;

  private final Map<String, Surroundings.Namespace> selected;
  private final Collection<Surroundings.Namespace> all;

  /// @param selected those that the environment selects, whoever else does
  /// @param all of the cluster
  GovernedNamespaces(
      Environment environment,
      Map<String, Surroundings.Namespace> selected,
      Collection<Surroundings.Namespace> all) {
    this.environment = environment;
    this.selected = selected;
    this.all = all;
  }

  /// What every policy of the environment leaves alone: the system's namespaces even where they are
  /// named, since its own images must not be cut off, and what Git and the daemon's configuration
  /// exclude.
  Exemption exemption(NamespaceLimits limits, String ownNamespace) {
    var exempt = new ArrayList<>(NamespaceSelection.SYSTEM_NAMES);
    if (!ownNamespace.isEmpty()) {
      exempt.add(ownNamespace);
    }
    exempt.addAll(environment.namespaces().exclude());
    exempt.addAll(limits.deny());
    return new Exemption(exempt, limits.allow());
  }

  /// What injection leaves alone besides: namespaces that a clause covers though the environment
  /// delivers no pull Secret there.
  ///
  /// @param served those where it does
  Exemption withoutUnserved(Exemption exemption, Set<String> served) {
    return exemption.with(
        governed(exemption).stream().filter(name -> !served.contains(name)).toList());
  }

  /// Namespaces that the clauses cover now; sorted.
  List<String> governed(Exemption exemption) {
    SortedSet<String> names = names();
    return all.stream()
        .filter(namespace -> !namespace.terminating() && isReached(namespace, names))
        .map(Surroundings.Namespace::name)
        .filter(name -> !exemption.covers(name))
        .sorted()
        .toList();
  }

  /// The clauses that have something to cover: each is one binding.
  ///
  /// @param exemption what needs no clause
  List<Clause> clauses(Exemption exemption) {
    Environment.Namespaces namespaces = environment.namespaces();
    if (namespaces.all()) {
      return List.of(new Clause.All());
    }
    var clauses = new ArrayList<Clause>();
    List<String> names = names().stream().filter(name -> !exemption.covers(name)).toList();
    if (!names.isEmpty()) {
      clauses.add(new Clause.Names(names));
    }
    Map<String, String> labels = namespaces.matchLabels();
    if (labels != null) {
      clauses.add(new Clause.Labels(new TreeMap<>(labels)));
    }
    List<String> projects = projects();
    if (!projects.isEmpty()) {
      clauses.add(new Clause.Projects(projects));
    }
    return clauses;
  }

  // A selector sees labels only: a namespace that has only the annotation goes by its name.
  private SortedSet<String> names() {
    var names = new TreeSet<>(environment.namespaces().names());
    for (Surroundings.Namespace namespace : selected.values()) {
      if (environment.namespaces().projects().contains(namespace.projectId())
          && !projects().contains(projectLabel(namespace))) {
        names.add(namespace.name());
      }
    }
    return names;
  }

  private List<String> projects() {
    return environment.namespaces().projects().stream()
        .map(project -> project.substring(project.indexOf(':') + 1))
        .distinct()
        .sorted()
        .toList();
  }

  private boolean isReached(Surroundings.Namespace namespace, Set<String> names) {
    Environment.Namespaces namespaces = environment.namespaces();
    return namespaces.all()
        || names.contains(namespace.name())
        || NamespaceSelection.matchesLabels(namespaces.matchLabels(), namespace)
        || projects().contains(projectLabel(namespace));
  }

  private static String projectLabel(Surroundings.Namespace namespace) {
    return namespace.labels().getOrDefault(Clause.Projects.KEY, "");
  }
}
