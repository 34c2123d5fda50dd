package dev.tidewaiter.config;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// What an environment wants of the pods of its namespaces, and of its hosts, can be had. Retired
/// environments want nothing.
final class GovernanceRules {
  private final Index index;
  private final Environment environment;
  private final Document document;

  private GovernanceRules(Index index, Environment environment) {
    this.index = index;
    this.environment = environment;
    this.document = index.document(Kind.ENVIRONMENT, environment.name());
  }

  static void check(Index index) {
    index.environments().values().stream()
        .filter(environment -> environment.state() == Environment.State.ACTIVE)
        .forEach(environment -> new GovernanceRules(index, environment).check());
  }

  private void check() {
    String policy = environment.policy();
    if (policy != null) {
      if (!governs()) {
        note(
            "policy",
            "The environment selects neither namespaces nor hosts, so its policy governs nothing.",
            "Name some under `namespaces` or `hosts`, or remove `policy`.");
      }
      RegistryPolicy declared = index.policies().get(policy);
      if (declared != null && declared.defaultRegistry() != null) {
        checkDefault(declared, declared.defaultRegistry());
      }
    }
    if (environment.injectPullSecrets()) {
      noteNothingToInject();
    }
  }

  private void checkDefault(RegistryPolicy declared, String defaultRegistry) {
    Optional<String> inactive = inactive(defaultRegistry);
    if (inactive.isEmpty()
        || !governs()
        || declared.enforcement() != RegistryPolicy.Enforcement.DENY) {
      noteDefaultWithoutCredential(defaultRegistry);
    } else if (index.knowsAllRegistries()) {
      index
          .problems()
          .add(
              new Problem(
                  document.keyPlaceOf("/spec/registries"),
                  "The environment lists the default registry of its policy, `"
                      + defaultRegistry
                      + "`, only as Registry `"
                      + inactive.get()
                      + "`, which is inactive, so every image without a host would be denied.",
                  "List an active registry of that address instead."));
    }
  }

  /// The listed registry for which images of the default registry are denied.
  private Optional<String> inactive(String defaultRegistry) {
    String image = defaultRegistry + "/image";
    return active().stream().anyMatch(registry -> denies(registry, image))
        ? Optional.empty()
        : listed(Registry.State.INACTIVE).stream()
            .filter(registry -> denies(registry, image))
            .map(Registry::name)
            .findFirst();
  }

  /// Whether an image is of a registry, as its rules see it if it is inactive.
  private static boolean denies(Registry registry, String image) {
    var inactive = new TreeMap<>(Map.of(registry.address().canonical(), registry.name()));
    return !new RuleBook("", "", null, inactive).judge(image).isAllowed();
  }

  private void noteDefaultWithoutCredential(String defaultRegistry) {
    var address = RepositoryPrefix.parse(defaultRegistry).address();
    boolean listed =
        active().stream().anyMatch(r -> r.address().canonical().equals(address.canonical()));
    if (!listed && index.knowsAllRegistries()) {
      note(
          "registries",
          "The environment has no active registry for `"
              + address
              + "`, the default of its policy, so images without a host are pulled without a"
              + " credential.",
          "Add it to `registries`.");
    }
  }

  private void noteNothingToInject() {
    boolean delivers =
        active().stream().anyMatch(r -> !(r.credential() instanceof CredentialSource.Anonymous));
    if (!selectsNamespaces()) {
      note(
          "injectPullSecrets",
          "The environment selects no namespace, so there are no pods to inject pull Secrets into.",
          "Name some under `namespaces`, or remove `injectPullSecrets`.");
    } else if (!delivers && index.knowsAllRegistries()) {
      note(
          "injectPullSecrets",
          "No active registry of the environment has a credential, so there is nothing to inject.",
          "Add a registry with a credential, or remove `injectPullSecrets`.");
    }
  }

  private List<Registry> active() {
    return listed(Registry.State.ACTIVE);
  }

  private List<Registry> listed(Registry.State state) {
    return environment.registries().stream()
        .map(index.registries()::get)
        .filter(Objects::nonNull)
        .filter(registry -> registry.state() == state)
        .toList();
  }

  private boolean governs() {
    return selectsNamespaces() || environment.hosts() != null;
  }

  private boolean selectsNamespaces() {
    Environment.Namespaces namespaces = environment.namespaces();
    return namespaces.all()
        || !namespaces.names().isEmpty()
        || namespaces.matchLabels() != null
        || !namespaces.projects().isEmpty();
  }

  private void note(String field, String message, String hint) {
    index.notes().add(new Problem(document.keyPlaceOf("/spec/" + field), message, hint));
  }
}
