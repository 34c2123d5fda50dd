package dev.tidewaiter.config;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.policy.RepositoryPrefix;
import java.util.List;
import java.util.Objects;

/// What an environment wants of the pods of its namespaces can be had. Retired environments want
/// nothing.
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
      checkHosts();
      if (!selectsNamespaces()) {
        note(
            "policy",
            "The environment selects no namespace, so its policy governs nothing.",
            "Name some under `namespaces`, or remove `policy`.");
      }
      RegistryPolicy declared = index.policies().get(policy);
      if (declared != null && declared.defaultRegistry() != null) {
        noteDefaultWithoutCredential(declared.defaultRegistry());
      }
    }
    if (environment.injectPullSecrets()) {
      noteNothingToInject();
    }
  }

  private void checkHosts() {
    if (environment.hosts() != null) {
      index
          .problems()
          .add(
              new Problem(
                  document.keyPlaceOf("/spec/policy"),
                  "`spec.policy` together with `spec.hosts` is not in this release: a policy governs"
                      + " pods, and hosts not yet.",
                  "Move the hosts to an environment of their own, without a policy."));
    }
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
    return environment.registries().stream()
        .map(index.registries()::get)
        .filter(Objects::nonNull)
        .filter(registry -> registry.state() == Registry.State.ACTIVE)
        .toList();
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
