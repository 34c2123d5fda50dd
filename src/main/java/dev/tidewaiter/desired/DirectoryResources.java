package dev.tidewaiter.desired;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.DockerHubRedirect;
import dev.tidewaiter.policy.HostRules;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What lies in the `certs.d` of Docker or containerd: a directory for each registry, with its
/// certificates and, where it needs one, its `hosts.toml`; and the denial of all others.
///
/// Under a denial every registry that is admitted has a `hosts.toml`, and so has every directory of
/// ours: one with a certificate alone would be an exemption.
final class DirectoryResources {
  private static final String HOSTS = "/hosts.toml";

  private final HostIntent intent;
  private final RuntimeFacts runtime;
  private final Assembly assembly;
  private final HostRules rules;
  private final Reach.Finder finder;

  DirectoryResources(HostIntent intent, RuntimeFacts runtime, Assembly assembly) {
    this.intent = intent;
    this.runtime = runtime;
    this.assembly = assembly;
    this.rules = intent.rulesFor(runtime);
    this.finder = new Reach.Finder(intent, runtime);
  }

  /// @param needs whether a registry needs a `hosts.toml` even where nothing is denied
  void build(Predicate<Served> needs) {
    var certificates = new CertificateResources(runtime, assembly);
    intent.served().forEach(certificates::add);
    var reached = new TreeSet<RegistryAddress>();
    intent.served().stream().filter(needs).map(Served::address).forEach(reached::add);
    DockerHubRedirect redirect = rules.redirect();
    if (redirect != null) {
      reached.add(DockerHubRedirect.HUB);
    }
    if (rules.denies()) {
      reached.clear();
      reached.addAll(rules.admittedHosts());
      refuseTheRest();
    }
    for (RegistryAddress address : reached) {
      addReached(
          address,
          redirect != null && address.isDockerHub()
              ? finder.of(redirect.to())
              : finder.of(address));
    }
  }

  private void addReached(RegistryAddress address, Reach reach) {
    ResourceId id = hosts(address.text());
    var fields = new TreeMap<String, DesiredField>();
    for (int i = 0; i < reach.steps().size(); i++) {
      Reach.Step step = reach.steps().get(i);
      fields.put("endpoint/" + (i + 1), HostFields.plain(step.endpoint().toString()));
      if (step.registry() != null && step.isPrivate() && servesNode(step.registry())) {
        String field = "authorization/" + (i + 1);
        fields.put(field, authorization(id, field, step.registry()));
      }
    }
    // As a whole: what is there is made for other endpoints, in another order perhaps.
    reach
        .withheld()
        .ifPresent(reason -> fields.replaceAll((_, _) -> new DesiredField.Withheld(reason)));
    assembly.add(id, fields);
  }

  /// Whether every pull of the machine may use the credential of a registry.
  boolean servesNode(Served registry) {
    return intent.hosts().nodeCredentials()
        && runtime.can(Capability.NODE_CREDENTIALS)
        && registry.hasCredential();
  }

  /// Whether a registry has mirrors that the runtime asks.
  boolean hasMirrors(Served registry) {
    return runtime.can(Capability.MIRRORS) && !registry.registry().mirrors().isEmpty();
  }

  private DesiredField authorization(ResourceId id, String field, Served registry) {
    return switch (registry.material().credential()) {
      case Minted.Ready(var credential) -> assembly.authorization(id, field, credential);
      case Minted.Withheld(_, String reason) -> new DesiredField.Withheld(reason);
      case Minted.None() -> throw new IllegalStateException("it has no credential: " + id);
    };
  }

  private void refuseTheRest() {
    var denial = new TreeMap<>(Map.of(RegistryHost.DENIED, HostFields.present()));
    rules.admittedHosts().forEach(host -> denial.put("allowed/" + host, HostFields.present()));
    assembly.add(
        new ResourceId(
            ResourceKind.DENIAL, runtime.scope(), runtime.directory() + "/_default" + HOSTS),
        denial);
    intent.served().stream()
        .filter(this::hasDirectory)
        .filter(registry -> !rules.admittedHosts().contains(registry.address()))
        .forEach(
            registry ->
                assembly.add(
                    hosts(registry.address().text()),
                    new TreeMap<>(Map.of(RegistryHost.DENIED, HostFields.present()))));
  }

  // By what is declared: what is not known now may have been written before.
  private boolean hasDirectory(Served registry) {
    var tls = registry.registry().tls();
    RegistryMaterial material = registry.material();
    boolean ca = tls.ca() != null || material.ca() != null;
    boolean client = tls.clientCertificate() != null || material.clientCertificate() != null;
    return (ca && runtime.can(Capability.CA))
        || (client && runtime.can(Capability.CLIENT_CERTIFICATE));
  }

  private ResourceId hosts(String address) {
    return new ResourceId(
        ResourceKind.REGISTRY_HOST, runtime.scope(), runtime.directory() + "/" + address + HOSTS);
  }
}
