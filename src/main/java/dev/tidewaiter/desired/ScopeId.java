package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import org.jspecify.annotations.Nullable;

/// The digest that an approval of withdrawals is bound to: environment, target, and what the
/// environment declares without `prune` and its policy without `activation`.
///
/// The same in every process, and unmoved by places in files, by the order of lists, and by
/// secrets: writing the approval into Git must not change what it is bound to.
final class ScopeId {
  private final DeclaredDigest digest = new DeclaredDigest();

  private ScopeId() {}

  static String of(Compilation compilation) {
    var id = new ScopeId();
    Environment environment = compilation.environment();
    id.add("target", compilation.target());
    id.addEnvironment(environment);
    environment.registries().stream()
        .distinct()
        .sorted()
        .map(name -> compilation.declarations().registries().get(name))
        .forEach(id::addRegistry);
    id.add("superseded", Served.superseded(compilation));
    RegistryPolicy policy = Regimes.policyOf(compilation.declarations(), environment);
    if (policy != null) {
      id.addPolicy(policy);
    }
    return id.digest.text();
  }

  private void addEnvironment(Environment environment) {
    add("environment", environment.name());
    add("state", environment.state());
    add("registries", environment.registries());
    add("policy", environment.policy());
    add("clusters", environment.clusters());
    add("all", environment.namespaces().all());
    add("names", environment.namespaces().names());
    add("matchLabels", environment.namespaces().matchLabels());
    add("projects", environment.namespaces().projects());
    add("exclude", environment.namespaces().exclude());
    add("pullSecret", environment.pullSecret());
    add("allServiceAccounts", environment.serviceAccounts().all());
    add("serviceAccounts", environment.serviceAccounts().names());
    Environment.Hosts hosts = environment.hosts();
    add("hosts", hosts == null ? null : hosts.matchLabels());
    add("runtimes", hosts == null ? null : hosts.runtimes());
    add("users", hosts == null ? null : hosts.users());
    if (hosts != null && hosts.nodeCredentials()) {
      add("nodeCredentials", true);
    }
    if (hosts != null && hosts.trustStore()) {
      add("trustStore", true);
    }
    add("driftMode", environment.driftMode());
    add("suspend", environment.suspend());
    add("duplicateAddresses", environment.duplicateAddresses());
    if (environment.injectPullSecrets()) {
      add("injectPullSecrets", true);
    }
  }

  private void addPolicy(RegistryPolicy policy) {
    add("defaultRegistry", policy.defaultRegistry());
    add("libraryPrefix", policy.libraryPrefix());
    add("allowedRegistries", policy.allowedRegistries());
    add("enforcement", policy.enforcement());
    add("exemptNamespaces", policy.exemptNamespaces());
  }

  // References name secrets and contain none; that they are part makes an approval lapse when a
  // registry's credential is declared differently.
  private void addRegistry(@Nullable Registry registry) {
    if (registry == null) {
      return;
    }
    add("registry", registry.name());
    add("address", registry.address());
    add("registryState", registry.state());
    add("credential", registry.credential());
    add("tls", registry.tls());
    add("mirrors", registry.mirrors());
  }

  private void add(String name, @Nullable Object value) {
    digest.add(name, value);
  }
}
