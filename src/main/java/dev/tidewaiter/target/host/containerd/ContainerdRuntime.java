package dev.tidewaiter.target.host.containerd;

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
import dev.tidewaiter.target.host.certsd.Denials;
import dev.tidewaiter.target.host.certsd.HostsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// containerd on a host, as Kubernetes uses it.
public final class ContainerdRuntime implements HostRuntime {
  private static final HostPath SETTINGS = Containerd.SETTINGS.parent();
  private static final HostPath SOCKET = new HostPath("run/containerd/containerd.sock");

  private final FileChanges changes;
  private final Containerd containerd;
  private final ContainerdFacts facts;
  private final HostsFiles hosts;
  private final FilesByKind files;
  private final HiddenDirectories hidden;
  private final RuntimeProof proof;

  /// @param root of the host: nothing is asked of one that is not this machine
  public ContainerdRuntime(
      FileChanges changes, Path root, SettingsPermission permission, Sealer sealer) {
    this(
        changes,
        root.toAbsolutePath().normalize().equals(Path.of("/"))
            ? new LocalContainerd(LocalContainerd.SOCKET)
            : Containerd.NONE,
        permission,
        sealer);
  }

  ContainerdRuntime(
      FileChanges changes, Containerd containerd, SettingsPermission permission, Sealer sealer) {
    this.changes = changes;
    this.containerd = containerd;
    this.facts = new ContainerdFacts(changes, containerd, permission);
    var probe = new PullProbe(() -> UUID.randomUUID().toString());
    Denials denials =
        containerd.equals(Containerd.NONE)
            ? Denials.UNASKED
            : new RuntimeDenials(containerd, probe);
    this.hosts = new HostsFiles(changes, sealer, denials);
    this.files =
        new FilesByKind(
            name(),
            Map.of(
                ResourceKind.RUNTIME_SETTINGS,
                new RuntimeSettings(changes, containerd, permission),
                ResourceKind.CERTIFICATE_FILE,
                new CertificateFiles(changes, sealer),
                ResourceKind.REGISTRY_HOST,
                hosts,
                ResourceKind.DENIAL,
                hosts));
    this.hidden = new HiddenDirectories(changes, containerd);
    this.proof = new RuntimeProof(changes, containerd, hosts, probe);
  }

  @Override
  public String name() {
    return ContainerdFacts.SCOPE;
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
    if (change.id().kind() != ResourceKind.RUNTIME_SETTINGS) {
      hidden.require(change);
    }
    return files.apply(environment, change, payloads);
  }

  @Override
  public Proof prove(Regime regime) throws IOException {
    return proof.find();
  }

  @Override
  public List<String> weaknesses(Regime regime) throws IOException {
    return proof.weaknesses();
  }

  /// Its process: settings count from its start.
  @Override
  public String running() throws IOException {
    return containerd
        .find()
        .flatMap(program -> Optional.ofNullable(program.running()))
        .map(running -> running.pid() + " since " + running.started())
        .orElse("");
  }

  @Override
  public Set<HostPath> directories() throws IOException {
    var directories = new ArrayList<HostPath>(List.of(SETTINGS, SETTINGS.child("certs.d"), SOCKET));
    changes
        .state()
        .files()
        .forEach(
            (path, file) -> {
              if (file.id().scope().equals(ContainerdFacts.SCOPE)) {
                directories.add(path.parent());
                directories.add(path.parent().parent());
              }
            });
    return new TreeSet<>(directories);
  }
}
