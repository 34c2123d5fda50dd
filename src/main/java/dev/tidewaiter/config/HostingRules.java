package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import dev.tidewaiter.policy.LibraryPrefix;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What an environment wants of hosts is what its author thinks. Only notes: what a runtime can do
/// is known on the host alone. Retired environments want nothing.
final class HostingRules {
  private static final String NODE = "/credentials/node";
  private static final String KUBELET = "kubelet";

  private static final Set<String> SERVE_NODE = Set.of("docker", "containerd", KUBELET);
  private static final Set<String> SERVE_USERS = Set.of("docker", "podman", "crio");

  private final Index index;
  private final Environment environment;
  private final Environment.Hosts hosts;

  private HostingRules(Index index, Environment environment, Environment.Hosts hosts) {
    this.index = index;
    this.environment = environment;
    this.hosts = hosts;
  }

  static void check(Index index) {
    for (Environment environment : index.environments().values()) {
      Environment.Hosts hosts = environment.hosts();
      if (hosts != null && environment.state() == Environment.State.ACTIVE) {
        new HostingRules(index, environment, hosts).check();
      }
    }
  }

  private void check() {
    noteDefaultRegistry();
    noteCredentials();
    if (hosts.runtimes().contains(KUBELET) && !hosts.nodeCredentials()) {
      note(
          "/runtimes",
          "`kubelet` is managed only for the credentials of the whole node, and"
              + " `credentials.node` is not set.",
          "Remove `kubelet`, or write `credentials: {node: true}`.");
    }
    if (hosts.trustStore() && hasNoCa() && index.knowsAllRegistries()) {
      note(
          "/trustStore",
          "No active registry of the environment has a CA, so nothing goes into the trust store.",
          "Remove `trustStore`, or declare a `tls.ca`.");
    }
  }

  private void noteDefaultRegistry() {
    String name = environment.policy();
    RegistryPolicy policy = name == null ? null : index.policies().get(name);
    String fallback = policy == null ? null : policy.defaultRegistry();
    if (policy == null || fallback == null) {
      return;
    }
    switch (policy.libraryPrefix()) {
      case KEEP ->
          note(
              "",
              "On hosts the default registry of the policy, `"
                  + fallback
                  + "`, takes the place of Docker Hub altogether: `docker.io/nginx` is pulled from"
                  + " it as well.",
              "Give the hosts a policy without `defaultRegistry` if that is not wanted.");
      case DROP ->
          note(
              "",
              "On hosts the default registry of the policy is not applied, because no runtime can"
                  + " leave out `library/`.",
              "Write `libraryPrefix: "
                  + word(LibraryPrefix.KEEP)
                  + "` if `"
                  + fallback
                  + "` has it, or give the hosts a policy of their own.");
    }
  }

  private static String word(LibraryPrefix prefix) {
    return switch (prefix) {
      case KEEP -> "Keep";
      case DROP -> "Drop";
    };
  }

  private void noteCredentials() {
    if (!hosts.users().isEmpty() && Collections.disjoint(hosts.runtimes(), SERVE_USERS)) {
      note(
          "/credentials/users",
          "None of the runtimes takes the credentials of users.",
          "Remove `users`, or add `docker` or `podman` to `runtimes`.");
    }
    if (!hosts.nodeCredentials()) {
      return;
    }
    if (Collections.disjoint(hosts.runtimes(), SERVE_NODE)) {
      note(
          NODE,
          "None of the runtimes takes credentials of the whole machine.",
          "Remove `node`, and name who pulls under `users`.");
    } else {
      note(
          NODE,
          "Whoever runs something on these hosts pulls with the credentials of the environment.",
          "Write `node: false` where tenants share a machine: pull Secrets and `users` are for"
              + " some alone.");
    }
  }

  private boolean hasNoCa() {
    return environment.registries().stream()
        .map(index.registries()::get)
        .filter(Objects::nonNull)
        .filter(registry -> registry.state() == Registry.State.ACTIVE)
        .allMatch(registry -> registry.tls().ca() == null);
  }

  private void note(String pointer, String message, String hint) {
    Document document = index.document(Kind.ENVIRONMENT, environment.name());
    List<Problem> notes = index.notes();
    notes.add(new Problem(document.keyPlaceOf("/spec/hosts" + pointer), message, hint));
  }
}
