package dev.tidewaiter.target.host;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.target.Proof;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The runtimes of a host in which an environment refuses or redirects anything, and what is shown
/// of them.
///
/// @param runtimes all that there are
record GoverningRuntimes(FileChanges changes, List<HostRuntime> runtimes) {
  /// The directory of what redirects all of Docker Hub.
  private static final String DOCKER_HUB = "docker.io";

  /// What is shown of one runtime.
  private interface Trial {
    Proof of(HostRuntime runtime) throws IOException;
  }

  Proof prove(String environment, Regime regime) throws IOException {
    return each(environment, runtime -> runtime.prove(regime));
  }

  Optional<Proof.Inconclusive> weakened(String environment, Regime regime) throws IOException {
    Proof proof =
        each(
            environment,
            runtime -> {
              List<String> weaknesses = runtime.weaknesses(regime);
              return weaknesses.isEmpty()
                  ? new Proof.Proven()
                  : new Proof.Inconclusive(String.join(" ", weaknesses));
            });
    return proof instanceof Proof.Inconclusive weakened ? Optional.of(weakened) : Optional.empty();
  }

  private Proof each(String environment, Trial trial) throws IOException {
    Set<String> governed = governed(environment);
    var proofs = new Proofs();
    for (HostRuntime runtime : runtimes) {
      if (governed.contains(runtime.name())) {
        proofs.add(runtime.name(), of(runtime, trial));
      }
    }
    return proofs.together();
  }

  private static Proof of(HostRuntime runtime, Trial trial) {
    try {
      return trial.of(runtime);
    } catch (IOException e) {
      return new Proof.Inconclusive(HostFileException.describe(e));
    }
  }

  private Set<String> governed(String environment) throws IOException {
    return changes.state().files().values().stream()
        .filter(file -> file.owners().containsValue(environment) && governs(file.id()))
        .map(file -> file.id().scope())
        .collect(Collectors.toSet());
  }

  private static boolean governs(ResourceId id) {
    boolean redirects =
        id.kind() == ResourceKind.REGISTRY_HOST
            && new HostPath(id.name()).parent().name().equals(DOCKER_HUB);
    return redirects
        || id.kind() == ResourceKind.DENIAL
        || id.kind() == ResourceKind.SIGNATURE_POLICY;
  }
}
