package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.certsd.HostsFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The proof that containerd refuses what is not listed and nothing that is: by pulls through the
/// very interface that the kubelet uses.
///
/// What is claimed is what the state file has, wherever containerd looks and whatever became of the
/// file since: one that is malformed denies nothing.
record RuntimeProof(FileChanges changes, Containerd containerd, HostsFiles hosts, PullProbe probe) {
  private static final String DOCKER_HUB = "docker.io";
  private static final String DENIED = "denied";

  Proof find() throws IOException {
    List<HostPath> trees = denying();
    boolean redirects = trees.isEmpty() && redirectsDockerHub();
    if (trees.isEmpty() && !redirects) {
      return new Proof.Proven();
    }
    Optional<Containerd.Program> program = containerd.find();
    if (program.isEmpty() || program.get().running() == null) {
      return new Proof.Inconclusive(
          LocalContainerd.SOCKET + ": no containerd runs that could be asked.");
    }
    Containerd.Images images = program.get().images();
    return redirects ? admits(images, List.of(DOCKER_HUB)) : denies(images, trees);
  }

  private Proof denies(Containerd.Images images, List<HostPath> trees) throws IOException {
    switch (probe.unlisted(images)) {
      case PullProbe.Finding.Denied() -> {}
      case PullProbe.Finding.Asked(String reason) -> {
        return new Proof.Refuted(trees.getFirst() + ": " + reason);
      }
      case PullProbe.Finding.Unclear(String reason) -> {
        return new Proof.Inconclusive(reason);
      }
    }
    var admitted = new TreeSet<String>();
    for (HostPath tree : trees) {
      admitted.addAll(admitted(tree));
    }
    List<String> weaknesses = weaknesses();
    Proof proof = admits(images, List.copyOf(admitted));
    return proof instanceof Proof.Proven && !weaknesses.isEmpty()
        ? new Proof.Inconclusive(String.join(" ", weaknesses))
        : proof;
  }

  /// What exempts registries from the denial, or stands before a directory of ours.
  List<String> weaknesses() throws IOException {
    var foreign = new ArrayList<String>();
    for (HostPath tree : denying()) {
      hosts.foreignDirectories(tree).forEach(directory -> foreign.add(directory.toString()));
    }
    return foreign;
  }

  private SortedSet<String> admitted(HostPath tree) throws IOException {
    try {
      return hosts.admitted(tree).orElseGet(TreeSet::new);
    } catch (HostFileException _) {
      // No file that can be read; what is asked of containerd does not depend on it.
      return new TreeSet<>();
    }
  }

  private Proof admits(Containerd.Images images, List<String> registries) throws IOException {
    List<String> refused = probe.refused(images, registries);
    return refused.isEmpty()
        ? new Proof.Proven()
        : new Proof.Refuted(
            "containerd refuses what is allowed: " + String.join(", ", refused) + ".");
  }

  // The trees in which a denial of ours is recorded.
  private List<HostPath> denying() throws IOException {
    return changes.state().files().entrySet().stream()
        .filter(entry -> is(entry.getValue(), ResourceKind.DENIAL))
        .map(entry -> entry.getKey().parent().parent())
        .toList();
  }

  private boolean redirectsDockerHub() throws IOException {
    for (OwnedFile file : changes.state().files().values()) {
      ResourceId id = file.id();
      if (is(file, ResourceKind.REGISTRY_HOST)
          && new HostPath(id.name()).parent().name().equals(DOCKER_HUB)) {
        Optional<ObservedResource> observed = hosts.observe("", id);
        return observed.isPresent() && !observed.get().fields().containsKey(DENIED);
      }
    }
    return false;
  }

  private static boolean is(OwnedFile file, ResourceKind kind) {
    return file.id().kind() == kind && file.id().scope().equals(ContainerdFacts.SCOPE);
  }
}
