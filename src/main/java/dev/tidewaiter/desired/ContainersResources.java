package dev.tidewaiter.desired;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.DockerHubRedirect;
import dev.tidewaiter.policy.HostRules;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What an environment has on a host with podman or CRI-O.
///
/// Where registries are reached is a drop-in, what is admitted is `policy.json`. It judges an image
/// by the name under which it is asked for, so a mirror needs no place on the list, and Docker Hub
/// needs one where it is redirected.
record ContainersResources(HostIntent intent, RuntimeFacts runtime, Assembly assembly) {
  private static final RegistryAddress HUB = DockerHubRedirect.HUB;

  void build() {
    var certificates = new CertificateResources(runtime, assembly);
    intent.served().forEach(certificates::add);
    new UserResources(intent, runtime, assembly).add(served -> "auths/" + served.address());
    HostRules rules = intent.rulesFor(runtime);
    addDropIn(rules);
    if (rules.denies()) {
      addPolicy(rules);
    }
  }

  private void addDropIn(HostRules rules) {
    var fields = new TreeMap<String, DesiredField>();
    intent.served().forEach(served -> addRegistry(served, fields));
    DockerHubRedirect redirect = rules.redirect();
    if (redirect != null) {
      fields.keySet().removeIf(field -> field.startsWith("mirror/" + HUB + "/"));
      fields.put("registry/" + HUB, location(redirect.to().address(), redirect.to().toString()));
      fields.put("unqualified", HostFields.plain(HUB.text()));
    }
    assembly.add(
        new ResourceId(
            ResourceKind.REGISTRIES_DROP_IN,
            runtime.scope(),
            "etc/containers/registries.conf.d/90-tidewaiter.conf"),
        fields);
  }

  private void addRegistry(Served served, Map<String, DesiredField> fields) {
    RegistryAddress address = served.address();
    var mirrors = runtime.can(Capability.MIRRORS) ? served.registry().mirrors().stream() : none();
    var locations = mirrors.map(mirror -> location(hostOf(mirror), mirror)).toList();
    if (isInsecure(address) || !locations.isEmpty()) {
      fields.put("registry/" + address, location(address, address.text()));
    }
    for (int i = 0; i < locations.size(); i++) {
      fields.put("mirror/" + address + "/" + (i + 1), locations.get(i));
    }
  }

  private static Stream<String> none() {
    return Stream.of();
  }

  private static RegistryAddress hostOf(String mirror) {
    return new RegistryAddress(mirror.replaceFirst("/.*", ""));
  }

  private DesiredField location(RegistryAddress address, String location) {
    return HostFields.plain(isInsecure(address) ? location + " insecure" : location);
  }

  private boolean isInsecure(RegistryAddress address) {
    return runtime.can(Capability.INSECURE)
        && intent.at(address).filter(served -> served.registry().tls().insecure()).isPresent();
  }

  private void addPolicy(HostRules rules) {
    var fields = new TreeMap<>(Map.of("default", HostFields.plain("reject")));
    Stream<?> admitted =
        runtime.can(Capability.ALLOW_LIST_PATHS)
            ? rules.entries().stream()
            : rules.admittedHosts().stream();
    admitted.forEach(entry -> fields.put("allow/" + entry, HostFields.present()));
    assembly.add(
        new ResourceId(
            ResourceKind.SIGNATURE_POLICY, runtime.scope(), "etc/containers/policy.json"),
        fields);
  }
}
