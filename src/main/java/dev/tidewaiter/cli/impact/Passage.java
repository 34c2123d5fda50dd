package dev.tidewaiter.cli.impact;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.Effect;
import dev.tidewaiter.policy.Impact;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.policy.Workload;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What governs some namespaces, before and after: all environments that have a share in them.
///
/// Each environment denies for itself, as a cluster asks all policies that hold in a namespace.
/// Where an image comes from, and whether there is a credential for it, is one thing for all of
/// them.
///
/// @param was by environment
/// @param is by environment
record Passage(SortedMap<String, Governed> was, SortedMap<String, Governed> is) {
  /// All that have a share before or after.
  Set<String> environments() {
    var names = new TreeSet<>(was.keySet());
    names.addAll(is.keySet());
    return names;
  }

  /// Whether what one environment does there is to be shown to who asks for another: one that goes
  /// from there is followed by those that stay.
  boolean shows(String environment, @Nullable String asked) {
    return asked == null
        || asked.equals(environment)
        || (was.containsKey(asked) && !is.containsKey(asked));
  }

  /// What one environment does to workloads. What is moved or stripped is told of one alone.
  List<Impact.Finding> judge(String environment, List<Workload> workloads) {
    boolean answers = environment.equals(answering().orElse(null));
    return Impact.between(regimeBefore(environment), after(environment), workloads)
        .findings()
        .stream()
        .filter(finding -> answers || finding.effect() instanceof Effect.Denied)
        .toList();
  }

  /// What one environment's rules are applied to afterwards.
  Regime after(String environment) {
    return met(is.values(), is.get(environment), environment);
  }

  /// Of the environments whose share changes the first, and rather one that stays.
  private Optional<String> answering() {
    return Stream.concat(is.keySet().stream(), was.keySet().stream())
        .filter(name -> !Objects.equals(regime(was.get(name)), regime(is.get(name))))
        .findFirst();
  }

  private static @Nullable Regime regime(@Nullable Governed governed) {
    return governed == null ? null : governed.regime();
  }

  // What was only warned of was admitted.
  private Regime regimeBefore(String environment) {
    Governed before = was.get(environment);
    Governed after = is.get(environment);
    boolean admitted = before != null && !before.denies() && after != null && after.denies();
    return met(was.values(), admitted ? null : before, environment);
  }

  /// The rules of one environment for what all of them make of an image.
  ///
  /// @param judging null if nothing of the environment denies
  private static Regime met(
      Collection<Governed> all, @Nullable Governed judging, String environment) {
    RuleBook rules =
        judging == null ? Governed.withoutRules(environment) : judging.regime().rules();
    return new Regime(rules, defaultRegistry(all), credentials(all));
  }

  // A host that one policy has written no other replaces.
  private static @Nullable DefaultRegistry defaultRegistry(Collection<Governed> all) {
    return all.stream()
        .map(governed -> governed.regime().defaultRegistry())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static Set<RegistryAddress> credentials(Collection<Governed> all) {
    return all.stream()
        .flatMap(governed -> governed.regime().credentials().stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
