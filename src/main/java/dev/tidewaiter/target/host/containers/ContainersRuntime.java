package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.FilesByKind;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostRuntime;
import dev.tidewaiter.target.host.certsd.CertificateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// podman and CRI-O on a host.
public final class ContainersRuntime implements HostRuntime {
  private static final HostPath SETTINGS = new HostPath("etc/containers");
  private static final HostPath CERTIFICATES = SETTINGS.child("certs.d");
  private static final HostPath SOCKET = new HostPath("run/crio/crio.sock");

  private final FileChanges changes;
  private final ContainersFacts facts;
  private final Crio crio;
  private final FilesByKind files;
  private final PolicyProof proof;

  private ContainersRuntime(FileChanges changes, Sealer sealer, Programs programs) {
    this.changes = changes;
    this.crio = programs.crio();
    this.facts = new ContainersFacts(changes, programs.asked());
    this.files =
        new FilesByKind(
            name(),
            Map.of(
                ResourceKind.CERTIFICATE_FILE,
                new CertificateFiles(changes, sealer),
                ResourceKind.REGISTRIES_DROP_IN,
                new RegistriesDropIn(changes, programs.trials(), programs.crio()),
                ResourceKind.SIGNATURE_POLICY,
                new SignaturePolicy(changes, programs.trials(), programs.needed()),
                ResourceKind.USER_CREDENTIALS,
                new UserLogins(changes, sealer)));
    this.proof = new PolicyProof(changes, programs.trials());
  }

  /// What of the machine is run and asked.
  record Programs(boolean asked, Trials trials, Crio crio, NeededImages needed) {
    /// Of a host under another root, nothing is.
    static final Programs NONE = new Programs(false, Trials.NONE, Crio.NONE, NeededImages.NONE);
  }

  /// @param root where the host's file system begins
  /// @param nanoTime a monotonic clock, in nanoseconds
  public static ContainersRuntime of(
      FileChanges changes, Path root, Sealer sealer, LongSupplier nanoTime) {
    boolean ownRoot = root.toAbsolutePath().normalize().equals(Path.of("/"));
    return with(
        changes,
        sealer,
        ownRoot
            ? new Programs(
                true,
                new LocalTrials(),
                new LocalCrio(LocalCrio.SOCKET, nanoTime),
                CrioImages.of(changes.files()))
            : Programs.NONE);
  }

  static ContainersRuntime with(FileChanges changes, Sealer sealer, Programs programs) {
    return new ContainersRuntime(changes, sealer, programs);
  }

  @Override
  public String name() {
    return ContainersFacts.SCOPE;
  }

  @Override
  public Optional<RuntimeFacts> facts() throws IOException {
    return facts.find();
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    return files.observe(environment, id);
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    if (change.id().kind() == ResourceKind.CERTIFICATE_FILE) {
      HiddenCertificates.require(changes.files(), change, payloads);
    }
    return files.apply(environment, change, payloads);
  }

  @Override
  public Proof prove(Regime regime) throws IOException {
    return proof.prove(regime);
  }

  @Override
  public List<String> weaknesses(Regime regime) throws IOException {
    return proof.weaknesses(regime).stream().map(text -> text + ".").toList();
  }

  /// The process of CRI-O: one that was started anew has read everything anew.
  @Override
  public String running() throws IOException {
    return crio.process().orElse("");
  }

  @Override
  public Set<HostPath> directories() throws IOException {
    var directories =
        new TreeSet<>(List.of(SETTINGS, CERTIFICATES, RegistriesDropIn.DIRECTORY, SOCKET));
    changes
        .state()
        .files()
        .forEach(
            (path, file) -> {
              if (file.id().scope().equals(name())) {
                directories.add(path.parent());
              }
            });
    return directories;
  }
}
