package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.config.RegistryPolicy.Enforcement;
import dev.tidewaiter.policy.Regime;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an environment wants of the pods of one cluster, whatever the cluster can enforce of it.
///
/// @param declared null if the environment names no policy
/// @param injected names of pull Secrets for new pods
/// @param exemption of all that the policy says, and of denials
/// @param injectionExemption of injection, with which `exemptNamespaces` has nothing to do, and
///   which leaves alone what is not served
/// @param governed namespaces that the clauses cover now and that are not exempt; sorted
record Intent(
    Regime regime,
    @Nullable RegistryPolicy declared,
    List<String> injected,
    List<Clause> clauses,
    Exemption exemption,
    Exemption injectionExemption,
    List<String> governed) {

  /// @param served names of the namespaces where the environment delivers
  /// @param secrets names of the pull Secrets that it delivers
  static Intent of(
      Compilation compilation,
      GovernedNamespaces namespaces,
      Set<String> served,
      Collection<String> secrets) {
    Environment environment = compilation.environment();
    RegistryPolicy declared = Regimes.policyOf(compilation.declarations(), environment);
    Exemption known = namespaces.exemption(compilation.limits(), compilation.ownNamespace());
    Exemption exemption = known.with(declared == null ? List.of() : declared.exemptNamespaces());
    return new Intent(
        Regimes.of(compilation.declarations(), environment),
        declared,
        environment.injectPullSecrets() ? secrets.stream().sorted().toList() : List.of(),
        namespaces.clauses(known),
        exemption,
        namespaces.withoutUnserved(known, served),
        namespaces.governed(exemption));
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
  Governance governance(Compilation compilation, Admission admission) {
    return new Governance(
        regime,
        governed,
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
