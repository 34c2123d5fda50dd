package dev.tidewaiter.cli.impact;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.Compilation;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Compiler;
import dev.tidewaiter.desired.Enforcing;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.desired.Regimes;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an environment is to one namespace of a cluster, at one revision.
///
/// @param regime what its new pods really meet of it
/// @param governance null if the environment only delivers credentials there
/// @param owner to whom the namespace belongs, so that the environment delivers nothing there while
///   its rules hold; null if to the environment itself
public record Governed(
    String environment, Regime regime, @Nullable Governance governance, @Nullable String owner) {
  boolean denies() {
    return governance != null && governance.denies();
  }

  /// The same without a rule.
  Regime open() {
    return new Regime(withoutRules(environment), regime.defaultRegistry(), regime.credentials());
  }

  /// By namespace and environment: the rules of all that select a namespace hold there. A namespace
  /// that has nothing of any environment is not among them.
  public static SortedMap<String, SortedMap<String, Governed>> in(
      ClustersSnapshot snapshot, ClustersSnapshot.Cluster cluster, Declarations declarations) {
    var all = new TreeMap<String, SortedMap<String, Governed>>();
    declarations.environments().values().stream()
        .filter(environment -> snapshot.serves(environment.name()))
        .forEach(
            environment ->
                by(environment, snapshot, cluster, declarations)
                    .forEach((namespace, governed) -> governed.addTo(all, namespace)));
    return all;
  }

  /// Unless its environment is there already.
  void addTo(SortedMap<String, SortedMap<String, Governed>> all, String namespace) {
    all.computeIfAbsent(namespace, _ -> new TreeMap<>()).putIfAbsent(environment, this);
  }

  private static SortedMap<String, Governed> by(
      Environment environment,
      ClustersSnapshot snapshot,
      ClustersSnapshot.Cluster cluster,
      Declarations declarations) {
    var found = new TreeMap<String, Governed>();
    Compiled compiled = compile(environment, snapshot, cluster, declarations);
    Regime declared = Regimes.of(declarations, environment);
    var served =
        new Governed(
            environment.name(),
            new Regime(withoutRules(environment.name()), null, declared.credentials()),
            null,
            null);
    compiled.resources().stream()
        .map(Resource::id)
        .filter(id -> id.kind() == ResourceKind.PULL_SECRET)
        .map(ResourceId::scope)
        .forEach(namespace -> found.put(namespace, served));
    Governance governance = compiled.governance();
    if (governance != null) {
      Regime met = governance.regimeOn(cluster.admission());
      governance
          .namespaces()
          .forEach(
              namespace ->
                  found.put(
                      namespace,
                      governed(met, governance, compiled.contestedScopes().get(namespace))));
    }
    return found;
  }

  private static Governed governed(Regime met, Governance governance, @Nullable String owner) {
    Regime delivered =
        owner == null ? met : new Regime(met.rules(), met.defaultRegistry(), Set.of());
    return new Governed(met.rules().environment(), delivered, governance, owner);
  }

  static RuleBook withoutRules(String environment) {
    return new RuleBook(environment, "", null, Collections.emptySortedMap());
  }

  // Without any secret: what has a credential is told by the declarations alone.
  private static Compiled compile(
      Environment environment,
      ClustersSnapshot snapshot,
      ClustersSnapshot.Cluster cluster,
      Declarations declarations) {
    return Compiler.compile(
        new Compilation(
            declarations,
            environment,
            cluster.name(),
            cluster.surroundings(),
            cluster.limits(),
            Map.of(),
            Map.of(),
            Sealer.withRandomKey(),
            Enforcing.AS_DECLARED,
            snapshot.instance(),
            cluster.ownNamespace()));
  }
}
