package dev.tidewaiter.desired;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.config.RegistryPolicy.Enforcement;
import dev.tidewaiter.policy.Regime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an environment wants of the pods of one cluster, whatever the cluster can enforce of it.
///
/// @param declared null if the environment names no policy
/// @param injected names of pull Secrets for new pods
/// @param exemption of all that the policy says, and of denials
/// @param injectionExemption of injection, with which `exemptNamespaces` has nothing to do
record Intent(
    Regime regime,
    @Nullable RegistryPolicy declared,
    List<String> injected,
    List<Clause> clauses,
    Exemption exemption,
    Exemption injectionExemption) {

  /// @param selected the namespaces that the environment serves now
  /// @param all of the cluster
  /// @param secrets names of the pull Secrets that it delivers
  static Intent of(
      Compilation compilation,
      Map<String, Surroundings.Namespace> selected,
      SortedMap<String, Surroundings.Namespace> all,
      Collection<String> secrets) {
    Environment environment = compilation.environment();
    RegistryPolicy declared = Regimes.policyOf(compilation.declarations(), environment);
    var governed = new GovernedNamespaces(environment, selected);
    NamespaceLimits limits = compilation.limits();
    Exemption injection = governed.exemption(limits, compilation.ownNamespace(), all.values());
    List<String> exempt = declared == null ? List.of() : declared.exemptNamespaces();
    return new Intent(
        Regimes.of(compilation.declarations(), environment),
        declared,
        environment.injectPullSecrets() ? secrets.stream().sorted().toList() : List.of(),
        governed.clauses(injection),
        new Exemption(
            Stream.concat(injection.exempt().stream(), exempt.stream()).toList(), injection.only()),
        injection);
  }

  /// Whether there is nothing to have in a cluster.
  boolean isEmpty() {
    return clauses.isEmpty() || (declared == null && regime.rules().isOpen() && injected.isEmpty());
  }

  /// Whether images that are not admitted should be refused.
  boolean denies() {
    return !regime.rules().isOpen() && actions() == PolicyObject.Actions.DENY;
  }

  /// As declared; an inactive registry is denied also without a policy.
  PolicyObject.Actions actions() {
    return switch (declared == null ? Enforcement.DENY : declared.enforcement()) {
      case DENY -> PolicyObject.Actions.DENY;
      case WARN -> PolicyObject.Actions.WARN;
      case AUDIT -> PolicyObject.Actions.AUDIT;
    };
  }

  /// What it comes to in a cluster; see [Governance].
  ///
  /// @param selected the namespaces that the environment serves now
  Governance governance(Compilation compilation, Admission admission, Collection<String> selected) {
    return new Governance(
        regime,
        selected.stream().filter(name -> !exemption.covers(name)).sorted().toList(),
        declared,
        denies() && admission.validating(),
        Unsupported.of(this, admission),
        id(compilation));
  }

  private String id(Compilation compilation) {
    var digest = new DeclaredDigest();
    Environment.Namespaces namespaces = compilation.environment().namespaces();
    digest.add("target", compilation.target());
    digest.add("environment", regime.rules().environment());
    digest.add("all", namespaces.all());
    digest.add("names", namespaces.names());
    digest.add("matchLabels", namespaces.matchLabels());
    digest.add("projects", namespaces.projects());
    digest.add("exclude", namespaces.exclude());
    digest.add("policy", regime.rules().policy());
    digest.add("allowed", regime.rules().allowed());
    digest.add("inactive", regime.rules().inactive().keySet());
    digest.add("default", regime.defaultRegistry());
    digest.add("enforcement", actions());
    digest.add("exemptNamespaces", declared == null ? null : declared.exemptNamespaces());
    return digest.text();
  }
}
