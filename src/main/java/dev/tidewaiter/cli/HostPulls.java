package dev.tidewaiter.cli;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Regimes;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.policy.DockerHubRedirect;
import dev.tidewaiter.policy.HostRules;
import dev.tidewaiter.policy.HostRules.Granularity;
import dev.tidewaiter.policy.HostVerdict;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.reconcile.RuntimeReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the runtimes of a host make of one image in one environment: by the declarations, and by
/// what they say that they can.
///
/// @param image as it is pulled
record HostPulls(
    Declarations declarations, Environment environment, Surroundings.Host host, String image) {
  /// Runtimes that pull nothing themselves.
  private static final Set<String> HANDING = Set.of("kubelet", "system");

  /// Those that the environment manages, in the order in which the host names them.
  List<RuntimePull> all() {
    return managed().stream()
        .filter(facts -> !HANDING.contains(facts.scope()))
        .map(this::on)
        .toList();
  }

  /// Those that it would manage and that could not be asked, each with why.
  List<String> unknown() {
    return host.unknownTo(environment).entrySet().stream()
        .map(
            entry ->
                "not known: "
                    + RuntimeText.scope(entry.getKey())
                    + ": "
                    + Visible.of(entry.getValue()))
        .toList();
  }

  /// What the default registry makes of it in at least one runtime; empty if it leaves it alone.
  Optional<String> redirected() {
    DockerHubRedirect redirect = declared().redirect();
    boolean can = managed().stream().anyMatch(facts -> facts.can(Capability.DEFAULT_REGISTRY));
    return redirect == null || !can ? Optional.empty() : redirect.rewrite(image);
  }

  private List<RuntimeFacts> managed() {
    Environment.Hosts hosts = environment.hosts();
    return hosts == null
        ? List.of()
        : host.runtimes().stream()
            .filter(facts -> !Collections.disjoint(hosts.runtimes(), facts.words()))
            .toList();
  }

  private HostRules declared() {
    RegistryPolicy policy = policy();
    boolean enforced = policy != null && policy.enforcement() == RegistryPolicy.Enforcement.DENY;
    return HostRules.of(Regimes.of(declarations, environment), enforced);
  }

  private @Nullable RegistryPolicy policy() {
    return environment.policy() == null ? null : declarations.policies().get(environment.policy());
  }

  private RuntimePull on(RuntimeFacts facts) {
    HostRules rules = redirecting(declared(), facts);
    Granularity granularity =
        facts.can(Capability.ALLOW_LIST_PATHS) ? Granularity.PATH : Granularity.HOST;
    HostVerdict verdict = rules.judge(image, granularity);
    String pulled = verdict instanceof HostVerdict.Redirected(String other) ? other : null;
    Optional<Registry> serving = serving(pulled == null ? image : pulled);
    return new RuntimePull(
        facts.scope(),
        facts.version(),
        word(verdict, facts),
        rules.explain(image, verdict),
        pulled,
        asked(facts, serving, pulled),
        credentials(facts, serving, pulled != null),
        unsupported(facts, serving));
  }

  private static String word(HostVerdict verdict, RuntimeFacts facts) {
    if (verdict.isAllowed()) {
      return RuntimePull.ALLOWED;
    }
    return facts.can(Capability.ALLOW_LIST) ? RuntimePull.DENIED : RuntimePull.NOT_DENIED;
  }

  private static HostRules redirecting(HostRules declared, RuntimeFacts facts) {
    Regime regime = declared.regime();
    return facts.can(Capability.DEFAULT_REGISTRY)
        ? declared
        : new HostRules(new Regime(regime.rules(), null, regime.credentials()), declared.denies());
  }

  private Optional<Registry> serving(String pulled) {
    return ImageReference.parse(pulled)
        .flatMap(
            reference ->
                ImageCheck.serving(declarations, new ImageCheck.Pull(reference, environment)));
  }

  private List<String> asked(
      RuntimeFacts facts, Optional<Registry> serving, @Nullable String pulled) {
    var asked = new ArrayList<String>();
    if (serving.isPresent() && pulled == null && mirrors(facts, serving.get())) {
      asked.addAll(serving.get().mirrors());
    }
    ImageReference.parse(pulled == null ? image : pulled)
        .ifPresent(reference -> asked.add(reference.host()));
    return List.copyOf(asked);
  }

  private static boolean mirrors(RuntimeFacts facts, Registry registry) {
    return facts.can(mirroring(registry)) || facts.can(Capability.MIRRORS);
  }

  // A mirror without a path of Docker Hub is what every runtime had first.
  private static Capability mirroring(Registry registry) {
    boolean plain = registry.mirrors().stream().noneMatch(mirror -> mirror.contains("/"));
    return plain && registry.address().canonical().text().equals("docker.io")
        ? Capability.HUB_MIRRORS
        : Capability.MIRRORS;
  }

  // Docker looks a login up by the image's host, and sends it to no other
  // (daemon/containerd/resolver.go, authorizationCredsFromAuthConfig).
  private List<String> credentials(
      RuntimeFacts facts, Optional<Registry> serving, boolean redirected) {
    Environment.Hosts hosts = environment.hosts();
    var whose = new ArrayList<String>();
    if (hosts == null || serving.isEmpty() || isOpen(serving.get())) {
      return whose;
    }
    boolean lost = redirected && facts.scope().equals("docker");
    if (facts.can(Capability.USER_CREDENTIALS) && !lost) {
      hosts.users().stream()
          .filter(host.users()::containsKey)
          .forEach(user -> whose.add("user " + user));
    }
    if (hosts.nodeCredentials() && facts.can(Capability.NODE_CREDENTIALS)) {
      whose.add("the whole machine");
    }
    boolean kubelet = managed().stream().anyMatch(one -> one.scope().equals("kubelet"));
    if (hosts.nodeCredentials() && kubelet && !facts.scope().equals("docker")) {
      whose.add("every pod, by the kubelet");
    }
    return whose;
  }

  private static boolean isOpen(Registry registry) {
    return registry.credential() instanceof CredentialSource.Anonymous;
  }

  private List<RuntimeReport.Lack> unsupported(RuntimeFacts facts, Optional<Registry> serving) {
    return needed(serving).stream()
        .filter(capability -> !facts.can(capability))
        .map(
            capability ->
                new RuntimeReport.Lack(
                    RuntimeReport.name(capability), facts.lack(capability).orElse("")))
        .toList();
  }

  /// What is declared of the image's registry, and of all.
  private Set<Capability> needed(Optional<Registry> serving) {
    var needed = EnumSet.noneOf(Capability.class);
    HostRules rules = declared();
    if (rules.denies()) {
      needed.add(Capability.ALLOW_LIST);
      if (isListedByPath(rules)) {
        needed.add(Capability.ALLOW_LIST_PATHS);
      }
    }
    if (rules.redirect() != null) {
      needed.add(Capability.DEFAULT_REGISTRY);
    }
    serving.ifPresent(registry -> needed.addAll(needed(registry)));
    return needed;
  }

  private boolean isListedByPath(HostRules rules) {
    String host = ImageReference.parse(image).map(ImageReference::host).orElse("");
    return rules.entries().stream()
        .anyMatch(entry -> !entry.path().isEmpty() && entry.address().text().equals(host));
  }

  private Set<Capability> needed(Registry registry) {
    var needed = EnumSet.noneOf(Capability.class);
    if (registry.tls().ca() != null) {
      needed.add(Capability.CA);
    }
    if (registry.tls().clientCertificate() != null) {
      needed.add(Capability.CLIENT_CERTIFICATE);
    }
    if (registry.tls().insecure()) {
      needed.add(Capability.INSECURE);
    }
    if (!registry.mirrors().isEmpty()) {
      needed.add(mirroring(registry));
    }
    Environment.Hosts hosts = environment.hosts();
    if (hosts != null && !isOpen(registry)) {
      if (!hosts.users().isEmpty()) {
        needed.add(Capability.USER_CREDENTIALS);
      }
      if (hosts.nodeCredentials()) {
        needed.add(Capability.NODE_CREDENTIALS);
      }
    }
    return needed;
  }
}
