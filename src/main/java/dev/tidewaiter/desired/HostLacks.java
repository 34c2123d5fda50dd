package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.HostRules;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.RepositoryPrefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is declared for a host and cannot be enforced there, for people.
///
/// Only what is declared is told of, and of each runtime only what one expects of it: the kubelet
/// has credentials, the system a trust store, and the login of a user is at hand if any runtime
/// takes it.
final class HostLacks {
  private static final String KUBELET = "kubelet";
  private static final String NO_TRUST_STORE =
      "this host has no trust store that is known (update-ca-certificates, update-ca-trust)";

  private final HostIntent intent;
  private final List<RuntimeFacts> managed;
  private final List<RuntimeFacts> pulling;

  private HostLacks(HostIntent intent, List<RuntimeFacts> managed) {
    this.intent = intent;
    this.managed = managed;
    this.pulling =
        managed.stream()
            .filter(runtime -> !runtime.scope().equals(KUBELET))
            .filter(runtime -> !runtime.scope().equals(HostClaims.SYSTEM))
            .toList();
  }

  /// @return null if there is nothing to tell
  static @Nullable HostGovernance governance(
      Compilation compilation, HostIntent intent, Surroundings.Host host) {
    List<RuntimeFacts> managed = HostClaims.managed(compilation.environment(), host);
    List<String> unsupported = new HostLacks(intent, managed).sentences();
    if (lacksTrustStore(compilation.environment(), intent, host)) {
      unsupported.add(NO_TRUST_STORE);
    }
    boolean declares = intent.declared() != null || !intent.regime().rules().isOpen();
    if (unsupported.isEmpty() && (managed.isEmpty() || !declares)) {
      return null;
    }
    return new HostGovernance(
        intent.regime(),
        managed.stream()
            .filter(runtime -> intent.rulesFor(runtime).denies())
            .map(RuntimeFacts::scope)
            .toList(),
        unsupported,
        intent.hosts().unsupported() == Environment.Unsupported.ACCEPT,
        id(compilation, intent, managed));
  }

  // A system of no known family has no facts that could lack anything.
  private static boolean lacksTrustStore(
      Environment environment, HostIntent intent, Surroundings.Host host) {
    return intent.hosts().trustStore()
        && HostClaims.selects(environment, host)
        && !host.unknown().containsKey(HostClaims.SYSTEM)
        && host.runtimes().stream().noneMatch(runtime -> runtime.scope().equals(HostClaims.SYSTEM));
  }

  // By what would be denied as declared: a denial that was rolled back is still the one that
  // failed.
  private static String id(Compilation compilation, HostIntent intent, List<RuntimeFacts> managed) {
    var digest = new DeclaredDigest();
    digest.add("target", compilation.target());
    digest.add("environment", intent.regime().rules().environment());
    digest.add("policy", intent.regime().rules().policy());
    digest.add("allowed", intent.regime().rules().allowed());
    digest.add("inactive", intent.regime().rules().inactive().keySet());
    digest.add("default", intent.regime().defaultRegistry());
    digest.add("enforced", intent.isEnforced());
    digest.add(
        "denying", managed.stream().filter(intent::isDeniedBy).map(RuntimeFacts::scope).toList());
    return digest.text();
  }

  private List<String> sentences() {
    var sentences = new ArrayList<String>();
    managed.forEach(runtime -> sentences.addAll(lacks(runtime)));
    pulling.forEach(runtime -> addWholeHosts(runtime, sentences));
    if (!pulling.isEmpty()) {
      addInactive(sentences);
      addDrop(sentences);
    }
    return sentences;
  }

  /// One sentence for all that a runtime lacks for the same reason.
  private List<String> lacks(RuntimeFacts runtime) {
    Map<String, List<String>> words = new LinkedHashMap<>();
    for (Capability wanted : wanted(runtime)) {
      runtime
          .lack(wanted)
          .ifPresent(
              reason -> words.computeIfAbsent(reason, _ -> new ArrayList<>()).add(wanted.word()));
    }
    return words.entrySet().stream()
        .map(e -> runtime + " cannot enforce " + listed(e.getValue()) + ": " + e.getKey())
        .toList();
  }

  private static String listed(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.getFirst()
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  private Set<Capability> wanted(RuntimeFacts runtime) {
    Set<Capability> wanted = EnumSet.noneOf(Capability.class);
    switch (runtime.scope()) {
      case KUBELET -> addIf(intent.hosts().nodeCredentials(), Capability.NODE_CREDENTIALS, wanted);
      case HostClaims.SYSTEM -> wanted.add(Capability.TRUST_STORE);
      default -> {
        addTrust(wanted);
        addMirrors(runtime, wanted);
        addCredentials(runtime, wanted);
        addRules(wanted);
      }
    }
    return wanted;
  }

  private static void addIf(boolean declared, Capability capability, Set<Capability> wanted) {
    if (declared) {
      wanted.add(capability);
    }
  }

  private void addTrust(Set<Capability> wanted) {
    for (Served served : intent.served()) {
      Registry.Tls tls = served.registry().tls();
      addIf(tls.ca() != null, Capability.CA, wanted);
      addIf(tls.clientCertificate() != null, Capability.CLIENT_CERTIFICATE, wanted);
      addIf(tls.insecure(), Capability.INSECURE, wanted);
    }
  }

  private void addMirrors(RuntimeFacts runtime, Set<Capability> wanted) {
    for (Served served : intent.served()) {
      List<String> mirrors = served.registry().mirrors();
      List<String> simple = DockerResources.ofHub(served.registry());
      addIf(mirrors.size() > simple.size(), Capability.MIRRORS, wanted);
      addIf(!simple.isEmpty() && !runtime.can(Capability.MIRRORS), Capability.HUB_MIRRORS, wanted);
    }
  }

  private void addCredentials(RuntimeFacts runtime, Set<Capability> wanted) {
    boolean byUsers = pulling.stream().anyMatch(one -> one.can(Capability.USER_CREDENTIALS));
    addIf(!intent.hosts().users().isEmpty() && !byUsers, Capability.USER_CREDENTIALS, wanted);
    // What pulls for pods has them from the kubelet.
    boolean byKubelet =
        !runtime.scope().equals("docker")
            && managed.stream()
                .filter(one -> one.scope().equals(KUBELET))
                .anyMatch(one -> one.can(Capability.NODE_CREDENTIALS));
    addIf(intent.hosts().nodeCredentials() && !byKubelet, Capability.NODE_CREDENTIALS, wanted);
  }

  private void addRules(Set<Capability> wanted) {
    addIf(
        HostRules.of(intent.regime(), intent.isEnforced()).denies(), Capability.ALLOW_LIST, wanted);
    DefaultRegistry registry = intent.regime().defaultRegistry();
    addIf(
        registry != null && registry.library() == LibraryPrefix.KEEP,
        Capability.DEFAULT_REGISTRY,
        wanted);
  }

  private void addWholeHosts(RuntimeFacts runtime, List<String> sentences) {
    HostRules rules = intent.rulesFor(runtime);
    String whole =
        rules.admittedHosts().stream()
            .filter(host -> !admitsWhole(rules, host))
            .map(RegistryAddress::text)
            .collect(Collectors.joining(", "));
    if (intent.isDeniedBy(runtime) && !whole.isEmpty()) {
      runtime
          .lack(Capability.ALLOW_LIST_PATHS)
          .ifPresent(
              reason ->
                  sentences.add(
                      runtime
                          + " cannot enforce "
                          + Capability.ALLOW_LIST_PATHS.word()
                          + ", so all of "
                          + whole
                          + " is admitted: "
                          + reason));
    }
  }

  private static boolean admitsWhole(HostRules rules, RegistryAddress host) {
    return rules.entries().contains(new RepositoryPrefix(host, ""));
  }

  private void addInactive(List<String> sentences) {
    var inactive = intent.regime().rules().inactive().keySet();
    if (intent.isEnforced() && intent.regime().rules().allowed() == null && !inactive.isEmpty()) {
      sentences.add(
          "inactive registries are not denied on hosts ("
              + inactive.stream().map(RegistryAddress::text).collect(Collectors.joining(", "))
              + "): a denial there needs an allow-list (DenyNeedsAllowList); declare"
              + " `allowedRegistries` in a policy");
    }
  }

  private void addDrop(List<String> sentences) {
    DefaultRegistry registry = intent.regime().defaultRegistry();
    if (registry != null && registry.library() == LibraryPrefix.DROP) {
      sentences.add(
          "the default registry is not applied on hosts: no runtime can leave out `library/`;"
              + " declare `libraryPrefix: Keep`, or write images with `"
              + registry.prefix()
              + "/`");
    }
  }
}
