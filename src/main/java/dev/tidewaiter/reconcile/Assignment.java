package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.plan.Restraint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// An environment that a round hands to one target.
record Assignment(RoundResult round, InForce inForce, Environment environment) {

  /// What a round means for one target.
  ///
  /// @param environments declared ones that select the target or own something on it, sorted by
  ///   name
  /// @param orphaned those that own something on it but are not declared, or not served by this
  ///   daemon
  /// @param unserved those of the orphaned that are declared
  record Division(List<Assignment> environments, Set<String> orphaned, Set<String> unserved) {
    static final Division NOTHING = new Division(List.of(), Set.of(), Set.of());

    /// What is true of the orphaned.
    List<Condition> conditions() {
      return orphaned.stream().map(this::orphaned).toList();
    }

    private Condition orphaned(String name) {
      String why =
          unserved.contains(name)
              ? "is declared, but not one of the `environments` that this daemon serves, and nothing of"
                  + " it is pruned. Add it to them"
              : "is not declared any more, and nothing of it is pruned. Declare it `Retired`";
      return new Condition(
          Reason.Orphaned,
          "%1$s %2$s, or run `tidewaiter withdraw %1$s --remove`, or `--keep`"
              .formatted(name, why));
    }
  }

  /// Which environments have cycles on a target.
  ///
  /// @param served by an environment's name
  /// @param owning environments that own anything on the target
  static Division divide(
      RoundResult round, ServedTarget target, Predicate<String> served, Set<String> owning) {
    InForce inForce = round.standing().inForce();
    if (inForce == null) {
      return Division.NOTHING;
    }
    var environments =
        inForce.declarations().environments().values().stream()
            .filter(environment -> served.test(environment.name()))
            .toList();
    var concerned =
        environments.stream()
            .filter(
                environment ->
                    owning.contains(environment.name()) || target.isSelectedBy(environment))
            .sorted(Comparator.comparing(Environment::name))
            .map(environment -> new Assignment(round, inForce, environment))
            .toList();
    var orphaned = new TreeSet<>(owning);
    environments.forEach(environment -> orphaned.remove(environment.name()));
    var unserved = new TreeSet<>(orphaned);
    unserved.retainAll(inForce.declarations().environments().keySet());
    return new Division(concerned, orphaned, unserved);
  }

  /// Whether the environment may have policies in a cluster.
  boolean governs() {
    return environment.policy() != null
        || environment.injectPullSecrets()
        || environment.registries().stream().anyMatch(this::isInactive);
  }

  private boolean isInactive(String name) {
    Registry registry = inForce.declarations().registries().get(name);
    return registry != null && registry.state() == Registry.State.INACTIVE;
  }

  /// What limits the plans of the environment.
  Restraint restraint(String scopeId) {
    Environment.Prune prune = environment.prune();
    return new Restraint(
        freeze(),
        prune.maxDeletions(),
        prune.maxPercent(),
        prune.approve(),
        scopeId,
        round.standing().rewritten());
  }

  /// What was noticed on the way to a plan, with what is true of the registries that serve the
  /// environment.
  List<Condition> notes(List<Condition> noticed) {
    var notes = new ArrayList<>(noticed);
    inForce
        .declarations()
        .serving(environment)
        .forEach(registry -> notes.addAll(round.conditionsOf(registry.name())));
    return notes;
  }

  Restraint.Freeze freeze() {
    return switch (environment.suspend()) {
      case ALL -> Restraint.Freeze.ALL;
      case STATE -> Restraint.Freeze.DECLARED;
      case NONE ->
          switch (environment.driftMode()) {
            case DETECT_ONLY -> Restraint.Freeze.DECLARED;
            case ENFORCE -> Restraint.Freeze.NOTHING;
          };
    };
  }
}
