package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostRuntime;
import dev.tidewaiter.target.host.certsd.CertificateFiles;
import dev.tidewaiter.target.host.certsd.Denials;
import dev.tidewaiter.target.host.certsd.HostsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  private final RuntimeSettings settings;
  private final CertificateFiles certificates;
  private final HostsFiles hosts;
  private final HiddenDirectories hidden;
  private final RuntimeProof proof;

  /// @param root of the host: nothing is asked of one that is not this machine
  public ContainerdRuntime(
      FileChanges changes, Path root, SettingsPermission permission, Sealer sealer) {
    this(
        changes,
        root.toAbsolutePath().normalize().equals(Path.of("/"))
            ? new LocalContainerd()
            : Containerd.NONE,
        permission,
        sealer);
  }

  ContainerdRuntime(
      FileChanges changes, Containerd containerd, SettingsPermission permission, Sealer sealer) {
    this.changes = changes;
    this.containerd = containerd;
    this.facts = new ContainerdFacts(changes, containerd, permission);
    this.settings = new RuntimeSettings(changes, containerd, permission);
    this.certificates = new CertificateFiles(changes, sealer);
    var probe = new PullProbe(() -> UUID.randomUUID().toString());
    Denials denials =
        containerd.equals(Containerd.NONE)
            ? Denials.UNASKED
            : new RuntimeDenials(containerd, probe);
    this.hosts = new HostsFiles(changes, sealer, denials);
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
    return switch (id.kind()) {
      case RUNTIME_SETTINGS -> settings.observe(environment, id);
      case CERTIFICATE_FILE -> certificates.observe(environment, id);
      case REGISTRY_HOST, DENIAL -> hosts.observe(environment, id);
      case PULL_SECRET,
          SERVICE_ACCOUNT,
          ALLOW_POLICY,
          ALLOW_BINDING,
          DEFAULT_POLICY,
          DEFAULT_BINDING,
          INSECURE_REGISTRIES,
          USER_CREDENTIALS,
          TRUSTED_CERTIFICATE,
          REGISTRY_MIRRORS,
          NODE_CREDENTIALS,
          REGISTRIES_DROP_IN,
          SIGNATURE_POLICY ->
          throw notOfContainerd(id);
    };
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    return switch (change.id().kind()) {
      case RUNTIME_SETTINGS -> settings.apply(environment, change);
      case CERTIFICATE_FILE -> {
        hidden.require(change);
        yield certificates.apply(environment, change, payloads);
      }
      case REGISTRY_HOST, DENIAL -> {
        hidden.require(change);
        yield hosts.apply(environment, change, payloads);
      }
      case PULL_SECRET,
          SERVICE_ACCOUNT,
          ALLOW_POLICY,
          ALLOW_BINDING,
          DEFAULT_POLICY,
          DEFAULT_BINDING,
          INSECURE_REGISTRIES,
          USER_CREDENTIALS,
          TRUSTED_CERTIFICATE,
          REGISTRY_MIRRORS,
          NODE_CREDENTIALS,
          REGISTRIES_DROP_IN,
          SIGNATURE_POLICY ->
          throw notOfContainerd(change.id());
    };
  }

  private static IllegalStateException notOfContainerd(ResourceId id) {
    return new IllegalStateException("no resource of containerd: " + id);
  }

  @Override
  public Proof prove(Regime regime) throws IOException {
    return proof.find();
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
