package dev.tidewaiter.config;

import dev.tidewaiter.config.Environment.Namespaces;
import dev.tidewaiter.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// No namespace and no host is selected by two environments, as far as that can be seen without a
/// cluster. Selectors that merely may meet are left to the run time.
final class OverlapRules {
  // `all` does not select these: they are ours only where they are named.
  private static final Pattern SYSTEM = Pattern.compile("(kube|cattle|openshift)-.*");

  private final Index index;

  private OverlapRules(Index index) {
    this.index = index;
  }

  static void check(Index index) {
    List<Environment> active =
        index.environments().values().stream()
            .filter(e -> e.state() == Environment.State.ACTIVE)
            .toList();
    var rules = new OverlapRules(index);
    for (int i = 0; i < active.size(); i++) {
      for (Environment other : active.subList(0, i)) {
        rules.compare(active.get(i), other);
      }
    }
  }

  private void compare(Environment one, Environment other) {
    if (shareCluster(one.clusters(), other.clusters())) {
      Optional<String> shared = shared(one.namespaces(), other.namespaces());
      shared.ifPresent(what -> report(one, other, "/spec/namespaces", what));
    }
    Environment.Hosts hosts = one.hosts();
    Environment.Hosts others = other.hosts();
    if (hosts != null && others != null && meet(hosts.matchLabels(), others.matchLabels())) {
      report(one, other, "/spec/hosts/selector", "the same hosts");
    }
  }

  private void report(Environment one, Environment other, String pointer, String what) {
    index
        .problems()
        .add(
            new Problem(
                index.document(Kind.ENVIRONMENT, one.name()).placeOf(pointer),
                "Environments `"
                    + other.name()
                    + "` and `"
                    + one.name()
                    + "` both select "
                    + what
                    + ".",
                "Leave it out of one of the two: a namespace or host belongs to one environment."));
  }

  private static boolean shareCluster(@Nullable List<String> one, @Nullable List<String> other) {
    return one == null || other == null || one.stream().anyMatch(other::contains);
  }

  /// Something that both select, in words.
  private static Optional<String> shared(Namespaces one, Namespaces other) {
    Optional<String> name =
        Stream.concat(one.names().stream(), other.names().stream())
            .filter(n -> selects(one, n) && selects(other, n))
            .min(String::compareTo);
    if (name.isPresent()) {
      return name.map(n -> "namespace `" + n + "`");
    }
    Optional<String> project =
        one.projects().stream().filter(other.projects()::contains).findFirst();
    if (project.isPresent()) {
      return project.map(p -> "project `" + p + "`");
    }
    if ((one.all() && selectsOpenly(other)) || (other.all() && selectsOpenly(one))) {
      return Optional.of("all namespaces, or some by label or project");
    }
    Map<String, String> labels = one.matchLabels();
    Map<String, String> others = other.matchLabels();
    return labels != null && others != null && meet(labels, others)
        ? Optional.of("the same labels")
        : Optional.empty();
  }

  private static boolean selects(Namespaces namespaces, String name) {
    boolean swept = namespaces.all() && !SYSTEM.matcher(name).matches();
    return (swept || namespaces.names().contains(name)) && !namespaces.exclude().contains(name);
  }

  /// Whether it selects namespaces whose names are not known here.
  private static boolean selectsOpenly(Namespaces namespaces) {
    return namespaces.all() || namespaces.matchLabels() != null || !namespaces.projects().isEmpty();
  }

  /// Whether everything that one selector finds is found by the other as well.
  private static boolean meet(Map<String, String> one, Map<String, String> other) {
    return one.entrySet().containsAll(other.entrySet())
        || other.entrySet().containsAll(one.entrySet());
  }
}
