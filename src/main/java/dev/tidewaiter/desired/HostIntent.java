package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.HostRules;
import dev.tidewaiter.policy.Regime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an environment wants of the pulls of one host, whatever its runtimes can enforce of it.
///
/// @param served registries that it gives access to
/// @param declared null if the environment names no policy
/// @param found users whom the host has
record HostIntent(
    Environment.Hosts hosts,
    List<Served> served,
    Regime regime,
    @Nullable RegistryPolicy declared,
    Enforcing enforcing,
    Set<String> found) {
  /// @param hosts of the compilation's environment
  static HostIntent of(Compilation compilation, Environment.Hosts hosts, Surroundings.Host host) {
    Environment environment = compilation.environment();
    return new HostIntent(
        hosts,
        Served.by(compilation),
        Regimes.of(compilation.declarations(), environment),
        Regimes.policyOf(compilation.declarations(), environment),
        compilation.enforcing(),
        Set.copyOf(host.users().keySet()));
  }

  /// Whether what is not admitted should be refused, not only be told of.
  boolean isEnforced() {
    return declared == null || declared.enforcement() == RegistryPolicy.Enforcement.DENY;
  }

  /// What of the policy a runtime can carry out, if what it denies did what it says.
  HostRules rulesFor(RuntimeFacts runtime) {
    boolean denies = !enforcing.takesBack(runtime.scope()) && runtime.can(Capability.ALLOW_LIST);
    return HostRules.of(regimeOn(runtime), isEnforced() && denies);
  }

  /// Whether a runtime refuses what is not listed, as declared.
  boolean isDeniedBy(RuntimeFacts runtime) {
    return runtime.can(Capability.ALLOW_LIST)
        && HostRules.of(regimeOn(runtime), isEnforced()).denies();
  }

  private Regime regimeOn(RuntimeFacts runtime) {
    return runtime.can(Capability.DEFAULT_REGISTRY)
        ? regime
        : new Regime(regime.rules(), null, regime.credentials());
  }

  /// The registry that is served at an address.
  Optional<Served> at(RegistryAddress address) {
    return served.stream().filter(one -> one.address().equals(address.canonical())).findFirst();
  }
}
