package dev.tidewaiter.cli;

import dev.tidewaiter.cli.ExplainDocument.Ruling;
import dev.tidewaiter.cli.impact.ClustersSnapshot;
import dev.tidewaiter.cli.impact.Governed;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.desired.Regimes;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the rules of environments make of one image, by the declarations alone.
///
/// @param image as a manifest writes it
/// @param place where it is pulled
record Explaining(Declarations declarations, String image, Where place) {
  /// @param namespace null if none was named
  /// @param host on which it is pulled; null if it is pulled by new pods
  /// @param clusters what is known of them; null if nothing is
  record Where(
      @Nullable String namespace,
      Surroundings.@Nullable Host host,
      @Nullable ClustersSnapshot clusters) {}

  /// What new pods meet there.
  Regime regime(Environment environment) {
    Regime declared = Regimes.of(declarations, environment);
    return place.host() != null || isExempt(environment)
        ? new Regime(
            new RuleBook(environment.name(), "", null, new TreeMap<>()),
            null,
            declared.credentials())
        : declared;
  }

  private boolean isExempt(Environment environment) {
    return place.namespace() != null
        && Regimes.exempts(declarations, environment, place.namespace());
  }

  /// What is pulled; empty if the default registry makes it a name that is too long.
  Optional<ImageReference> pulled(Environment environment) {
    String becomes = becomes(environment);
    return ImageReference.parse(becomes == null ? image : becomes);
  }

  /// What the runtimes of the host make of it; null if it is pulled by new pods.
  @Nullable List<RuntimePull> runtimes(Environment environment) {
    HostPulls pulls = onHost(environment);
    return pulls == null ? null : pulls.all();
  }

  private @Nullable HostPulls onHost(Environment environment) {
    Surroundings.Host host = place.host();
    return host == null ? null : new HostPulls(declarations, environment, host, image);
  }

  /// What the default registry makes of it; null if it leaves it alone.
  @Nullable String becomes(Environment environment) {
    HostPulls pulls = onHost(environment);
    if (pulls != null) {
      return pulls.redirected().orElse(null);
    }
    String admitted = regime(environment).admitted(image);
    return admitted.equals(image) ? null : admitted;
  }

  /// Null if nothing of the environment could deny any image.
  @Nullable Ruling ruling(Environment environment) {
    Regime regime = regime(environment);
    if (regime.rules().isOpen()) {
      return null;
    }
    Verdict verdict = regime.judge(image);
    RegistryPolicy policy = policy(environment);
    String detail = regime.rules().explain(regime.admitted(image), verdict);
    return new Ruling(
        verdict.isAllowed() ? "Allowed" : "Denied",
        rule(verdict),
        declared(verdict, policy),
        DeclaredFacts.word(policy == null ? RegistryPolicy.Enforcement.DENY : policy.enforcement()),
        detail);
  }

  private @Nullable RegistryPolicy policy(Environment environment) {
    return environment.policy() == null ? null : declarations.policies().get(environment.policy());
  }

  private static @Nullable String rule(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allowed(var entry) -> entry == null ? null : entry.toString();
      case Verdict.Inactive(_, String registry) -> registry;
      case Verdict.NotListed _, Verdict.Malformed _ -> null;
    };
  }

  /// Of the declaration that decided; null if none did.
  private @Nullable String declared(Verdict verdict, @Nullable RegistryPolicy policy) {
    if (verdict instanceof Verdict.Inactive(_, String name)) {
      Registry registry = declarations.registries().get(name);
      return registry == null ? null : registry.place().toString();
    }
    return policy == null ? null : policy.place().toString();
  }

  /// What keeps it from being pulled, or from what the declarations say, each with what to do.
  List<String> missing(Environment environment, Optional<Registry> serving) {
    var missing = new ArrayList<String>();
    if (isExempt(environment)) {
      missing.add("namespace " + place.namespace() + " is exempt: no policy holds there");
    }
    HostPulls pulls = onHost(environment);
    if (pulls != null) {
      missing.addAll(pulls.unknown());
    }
    if (serving.isPresent() && place.host() == null) {
      delivery(environment, serving.get()).ifPresent(missing::add);
    }
    if (place.host() == null) {
      missing.addAll(unsupported(environment));
    }
    return List.copyOf(missing);
  }

  private static Optional<String> delivery(Environment environment, Registry serving) {
    var accounts = environment.serviceAccounts();
    boolean open = serving.credential() instanceof CredentialSource.Anonymous;
    if (open || environment.injectPullSecrets() || accounts.all() || !hasPods(environment)) {
      return Optional.empty();
    }
    String secret = environment.pullSecret().name();
    if (environment.pullSecret().mode() == Environment.PullSecret.Mode.PER_REGISTRY) {
      secret = secret + "-" + serving.name();
    }
    String name = "must name the pull Secret `" + secret + "` themselves";
    return Optional.of(
        accounts.names().isEmpty()
            ? "pods " + name + ": no ServiceAccount has it, and it is not injected"
            : "pods of other ServiceAccounts than "
                + String.join(", ", accounts.names())
                + " "
                + name);
  }

  private static boolean hasPods(Environment environment) {
    Environment.Namespaces namespaces = environment.namespaces();
    return namespaces.all()
        || namespaces.matchLabels() != null
        || !namespaces.names().isEmpty()
        || !namespaces.projects().isEmpty();
  }

  // In a cluster that cannot rewrite, another image is judged than elsewhere.
  private List<String> unsupported(Environment environment) {
    ClustersSnapshot known = place.clusters();
    if (known == null) {
      return List.of();
    }
    var unsupported = new ArrayList<String>();
    for (ClustersSnapshot.Cluster cluster : known.clusters()) {
      var all = Governed.in(known, cluster, declarations);
      all.values().stream()
          .map(governing -> governing.get(environment.name()))
          .filter(governed -> governed != null && governed.governance() != null)
          .findFirst()
          .ifPresent(governed -> unsupported.addAll(on(cluster.name(), governed)));
      contested(cluster.name(), all, environment).ifPresent(unsupported::add);
    }
    return unsupported;
  }

  private Optional<String> contested(
      String cluster, Map<String, ? extends Map<String, Governed>> all, Environment environment) {
    Map<String, Governed> here = place.namespace() == null ? null : all.get(place.namespace());
    Governed governed = here == null ? null : here.get(environment.name());
    return governed == null || governed.owner() == null
        ? Optional.empty()
        : Optional.of(
            """
            on cluster/%s: its rules hold in namespace %s, and it delivers nothing there, \
            which is claimed by %s"""
                .formatted(cluster, place.namespace(), governed.owner()));
  }

  private List<String> on(String cluster, Governed governed) {
    Governance governance = Objects.requireNonNull(governed.governance(), "filtered");
    var lines = new ArrayList<String>();
    governance.unsupported().forEach(what -> lines.add("on cluster/" + cluster + ": " + what));
    Verdict there = governed.regime().judge(image);
    boolean differs = there.isAllowed() != governance.regime().judge(image).isAllowed();
    if (differs && governance.denies()) {
      lines.add(
          "on cluster/%s: %s"
              .formatted(
                  cluster,
                  governed.regime().rules().explain(governed.regime().admitted(image), there)));
    }
    return lines;
  }
}
