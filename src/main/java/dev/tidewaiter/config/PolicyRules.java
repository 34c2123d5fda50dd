package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import dev.tidewaiter.policy.RepositoryPrefix;
import java.util.List;

/// A default registry is usable, and an allow-list says what it leaves out.
final class PolicyRules {
  private PolicyRules() {}

  static void check(Index index) {
    for (RegistryPolicy policy : index.policies().values()) {
      Document document = index.document(Kind.REGISTRY_POLICY, policy.name());
      List<String> listed = policy.allowedRegistries();
      List<RepositoryPrefix> allowed =
          listed == null ? null : listed.stream().map(RepositoryPrefix::parse).toList();
      String text = policy.defaultRegistry();
      if (text != null) {
        var defaultRegistry = RepositoryPrefix.parse(text);
        checkDeclared(index, document, defaultRegistry);
        if (allowed != null && allowed.stream().noneMatch(p -> p.covers(defaultRegistry))) {
          index.problems().add(notAllowed(document, text));
        }
      }
      if (allowed != null && allowed.stream().noneMatch(p -> p.address().isDockerHub())) {
        index.notes().add(withoutDockerHub(document));
      }
    }
  }

  private static void checkDeclared(
      Index index, Document document, RepositoryPrefix defaultRegistry) {
    boolean declared =
        index.registries().values().stream()
            .filter(r -> r.state() == Registry.State.ACTIVE)
            .anyMatch(r -> r.address().canonical().equals(defaultRegistry.address().canonical()));
    // A registry with a problem of its own may be the one that is meant.
    boolean known = index.registries().size() == index.names(Kind.REGISTRY).size();
    if (!declared && known && index.isComplete()) {
      index
          .problems()
          .add(
              new Problem(
                  document.placeOf("/spec/defaultRegistry"),
                  "No active Registry has the address of the default registry, `"
                      + defaultRegistry.address()
                      + "`.",
                  "Declare one, with `credential: {anonymous: {}}` if it serves everybody."));
    }
  }

  private static Problem notAllowed(Document document, String text) {
    return new Problem(
        document.placeOf("/spec/defaultRegistry"),
        "The default registry is not on the allow-list of the same policy.",
        "Add `" + text + "` to `allowedRegistries`.");
  }

  private static Problem withoutDockerHub(Document document) {
    return new Problem(
        document.placeOf("/spec/allowedRegistries"),
        "The allow-list is without Docker Hub, so images without a host are denied unless a default"
            + " registry serves them.",
        "Add `index.docker.io` if Docker Hub should be allowed.");
  }
}
