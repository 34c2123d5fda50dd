package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.desired.PolicyObject.Actions;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.testbed.KubeApiServer;
import java.util.List;
import java.util.TreeMap;

/// Policies in force on a server, for namespaces of the test.
final class Environments {
  static final Exemption NONE = new Exemption(List.of(), List.of());

  private final PolicyServer server;

  Environments(PolicyServer server) {
    this.server = server;
  }

  /// Rules with an allow-list alone.
  static RuleBook allowing(String... prefixes) {
    var allowed = List.of(prefixes).stream().map(RepositoryPrefix::parse).toList();
    return new RuleBook("production", "restricted", allowed, new TreeMap<>());
  }

  static DefaultRegistry keeping(String prefix) {
    return new DefaultRegistry(RepositoryPrefix.parse(prefix), LibraryPrefix.KEEP);
  }

  static PolicyObject.Default standard(DefaultRegistry registry, String... secrets) {
    return new PolicyObject.Default("production", registry, List.of(secrets), NONE);
  }

  /// A namespace in which rules deny.
  String denying(RuleBook rules) {
    String namespace = server.namespace();
    deny(rules, new Clause.Names(List.of(namespace)));
    server.awaitDenials(namespace);
    return namespace;
  }

  void deny(RuleBook rules, Clause clause) {
    bind(new PolicyObject.Allow(rules, NONE, null), clause, Actions.DENY);
  }

  /// @return the name of the policy and its binding
  String bind(PolicyObject.Allow policy, Clause clause, Actions actions) {
    String name = PolicyNames.policy(KubeApiServer.uniqueName("test"), "production");
    server.create(name, policy);
    server.create(name, new PolicyObject.AllowBinding(name, clause, actions));
    return name;
  }

  String bind(PolicyObject.Default policy, Clause clause) {
    String name = PolicyNames.policy(KubeApiServer.uniqueName("test"), "production");
    server.create(name, policy);
    server.create(name, new PolicyObject.DefaultBinding(name, clause));
    return name;
  }

  /// A namespace in which a default registry is applied, and pull Secrets are injected.
  String defaulting(PolicyObject.Default policy, String image, String expected) {
    String namespace = server.namespace();
    bind(policy, new Clause.Names(List.of(namespace)));
    server.awaitDefault(namespace, image, expected);
    return namespace;
  }

  /// A namespace in which all of a regime is in force.
  String governed(Regime regime) {
    String namespace = server.namespace();
    var clause = new Clause.Names(List.of(namespace));
    DefaultRegistry registry = regime.defaultRegistry();
    if (registry != null) {
      bind(standard(registry), clause);
      server.awaitDefault(namespace, "acme/app", registry.prefix() + "/acme/app");
    }
    if (!regime.rules().isOpen()) {
      deny(regime.rules(), clause);
      server.awaitDenials(namespace);
    }
    return namespace;
  }
}
