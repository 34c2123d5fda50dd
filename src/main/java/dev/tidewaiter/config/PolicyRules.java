package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.RepositoryPrefix;
import java.util.List;
import java.util.Optional;

/// A default registry is usable, and an allow-list says what it leaves out.
final class PolicyRules {
  private final Index index;
  private final RegistryPolicy policy;
  private final Document document;

  private PolicyRules(Index index, RegistryPolicy policy) {
    this.index = index;
    this.policy = policy;
    this.document = index.document(Kind.REGISTRY_POLICY, policy.name());
  }

  static void check(Index index) {
    index.policies().values().forEach(policy -> new PolicyRules(index, policy).check());
  }

  private void check() {
    List<String> allowed = policy.allowedRegistries();
    String defaultRegistry = policy.defaultRegistry();
    if (defaultRegistry != null) {
      checkDefault(RepositoryPrefix.parse(defaultRegistry));
    }
    if (allowed != null) {
      checkAllowed(allowed.stream().map(RepositoryPrefix::parse).toList());
    }
  }

  private void checkDefault(RepositoryPrefix defaultRegistry) {
    List<String> allowed = policy.allowedRegistries();
    Place place = document.placeOf("/spec/defaultRegistry");
    if (index.knowsAllRegistries() && !isActive(defaultRegistry.address())) {
      index
          .problems()
          .add(
              new Problem(
                  place,
                  "No active Registry has the address of the default registry, `"
                      + defaultRegistry.address()
                      + "`.",
                  "Declare one, with `credential: {anonymous: {}}` if it serves everybody."));
    }
    if (allowed != null
        && allowed.stream()
            .map(RepositoryPrefix::parse)
            .noneMatch(prefix -> prefix.covers(defaultRegistry))) {
      index
          .problems()
          .add(
              new Problem(
                  place,
                  "The default registry is not on the allow-list of the same policy.",
                  "Add `" + defaultRegistry + "` to `allowedRegistries`."));
    }
  }

  private void checkAllowed(List<RepositoryPrefix> allowed) {
    for (int i = 0; i < allowed.size(); i++) {
      noteInactive(allowed.get(i), document.placeOf("/spec/allowedRegistries/" + i));
    }
    if (allowed.stream().noneMatch(prefix -> prefix.address().isDockerHub())) {
      index
          .notes()
          .add(
              new Problem(
                  document.placeOf("/spec/allowedRegistries"),
                  "The allow-list is without Docker Hub, so images without a host are denied unless"
                      + " a default registry serves them.",
                  "Add `index.docker.io` if Docker Hub should be allowed."));
    }
  }

  private void noteInactive(RepositoryPrefix prefix, Place place) {
    Optional<Registry> inactive =
        isActive(prefix.address())
            ? Optional.empty()
            : index.registries().values().stream()
                .filter(registry -> has(registry, prefix.address()))
                .findFirst();
    inactive.ifPresent(
        registry ->
            index
                .notes()
                .add(
                    new Problem(
                        place,
                        "`"
                            + prefix
                            + "` is on the allow-list, and Registry `"
                            + registry.name()
                            + "` is inactive: environments that list it deny its images.",
                        "Remove the entry, or the registry from the environments.")));
  }

  private boolean isActive(RegistryAddress address) {
    return index.registries().values().stream()
        .anyMatch(registry -> registry.state() == Registry.State.ACTIVE && has(registry, address));
  }

  private static boolean has(Registry registry, RegistryAddress address) {
    return registry.address().canonical().equals(address.canonical());
  }
}
