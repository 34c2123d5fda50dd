package dev.tidewaiter.cli;

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
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an environment is to one namespace of a cluster, at one revision.
///
/// @param regime what its new pods really meet
/// @param governance null if the environment only delivers credentials there
record Governed(String environment, Regime regime, @Nullable Governance governance) {
  boolean denies() {
    return governance != null && governance.denies();
  }

  /// The same without a rule.
  Regime open() {
    return new Regime(withoutRules(environment), regime.defaultRegistry(), regime.credentials());
  }

  /// By namespace. A namespace that has nothing of any environment is not among them.
  static SortedMap<String, Governed> in(
      ClustersSnapshot snapshot, ClustersSnapshot.Cluster cluster, Declarations declarations) {
    var all = new TreeMap<String, Governed>();
    declarations.environments().values().stream()
        .filter(environment -> snapshot.serves(environment.name()))
        .forEach(environment -> all.putAll(by(environment, snapshot, cluster, declarations)));
    return all;
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
            null);
    compiled.resources().stream()
        .map(Resource::id)
        .filter(id -> id.kind() == ResourceKind.PULL_SECRET)
        .map(ResourceId::scope)
        .forEach(namespace -> found.put(namespace, served));
    Governance governance = compiled.governance();
    if (governance != null) {
      Regime met = governance.regimeOn(cluster.admission());
      var governed = new Governed(environment.name(), met, governance);
      governance.namespaces().forEach(namespace -> found.put(namespace, governed));
    }
    return found;
  }

  private static RuleBook withoutRules(String environment) {
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
