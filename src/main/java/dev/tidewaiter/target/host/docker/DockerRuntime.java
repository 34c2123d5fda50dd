package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RegistryHost;
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
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostRuntime;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.certsd.CertificateFiles;
import dev.tidewaiter.target.host.certsd.ForeignDirectory;
import dev.tidewaiter.target.host.certsd.HostsDocument;
import dev.tidewaiter.target.host.certsd.HostsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Docker on a host.
public final class DockerRuntime implements HostRuntime {
  /// A reload took less than a second on 20.10 and 29; a busy machine may need more.
  public static final Duration RELOAD_LIMIT = Duration.ofSeconds(15);

  private static final HostPath SETTINGS = new HostPath("etc/docker");
  private static final HostPath CERTIFICATES = SETTINGS.child("certs.d");
  private static final HostPath DENIAL =
      CERTIFICATES.child(HostsDocument.DEFAULT).child(HostsDocument.NAME);
  private static final HostPath SOCKET = new HostPath("run/docker.sock");
  private static final List<HostPath> TRACES =
      List.of(
          SETTINGS,
          new HostPath("usr/bin/dockerd"),
          new HostPath("usr/sbin/dockerd"),
          new HostPath("usr/local/bin/dockerd"),
          SOCKET);

  private static final String ELSEWHERE = "nothing is asked of a host under another root";

  private final FileChanges changes;
  private final DockerEngine engine;
  private final HostsFiles hosts;
  private final FilesByKind files;

  /// What the engine said last.
  private volatile @Nullable RuntimeFacts last;

  /// @param reloadLimit how long a reload may take until `GET /info` shows it
  /// @param nanoTime a monotonic clock, in nanoseconds
  public DockerRuntime(
      FileChanges changes,
      DockerEngine engine,
      Sealer sealer,
      Duration reloadLimit,
      LongSupplier nanoTime) {
    this.changes = changes;
    this.engine = engine;
    this.hosts =
        new HostsFiles(
            changes, sealer, new EngineDenials(engine, new OwnContainer(Path.of("/proc"))));
    var settings = new DaemonSettings(changes, engine, new Reloads(reloadLimit, nanoTime));
    this.files =
        new FilesByKind(
            name(),
            Map.of(
                ResourceKind.CERTIFICATE_FILE, new CertificateFiles(changes, sealer),
                ResourceKind.REGISTRY_HOST, hosts,
                ResourceKind.DENIAL, hosts,
                ResourceKind.INSECURE_REGISTRIES, settings,
                ResourceKind.REGISTRY_MIRRORS, settings,
                ResourceKind.USER_CREDENTIALS, new UserCredentials(changes, sealer)));
  }

  /// The engine to use for a host root: that of this machine for `/`, none for any other.
  public static DockerEngine engineFor(Path root) {
    return root.toAbsolutePath().normalize().equals(Path.of("/"))
        ? new LocalEngine(LocalEngine.SOCKET)
        : DockerEngine.NONE;
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Optional<RuntimeFacts> facts() throws IOException {
    for (HostPath trace : TRACES) {
      if (changes.files().exists(trace)) {
        return Optional.of(ask());
      }
    }
    return Optional.empty();
  }

  private RuntimeFacts ask() throws IOException {
    if (engine.equals(DockerEngine.NONE)) {
      return EngineFacts.unasked(ELSEWHERE);
    }
    try {
      Optional<DockerEngine.Running> running = engine.find();
      if (running.isPresent()) {
        RuntimeFacts facts = EngineFacts.of(running.get().info());
        last = facts;
        return facts;
      }
      return meanwhile("dockerd does not run");
    } catch (HostFileException e) {
      return meanwhile(e.getMessage());
    } catch (IOException _) {
      return meanwhile("dockerd does not answer");
    }
  }

  // An engine that is down for a moment withdraws nothing: it can what it could.
  private RuntimeFacts meanwhile(@Nullable String why) throws IOException {
    RuntimeFacts known = last;
    if (known != null) {
      return known;
    }
    boolean governed =
        changes.state().files().values().stream()
            .map(OwnedFile::id)
            .anyMatch(
                id ->
                    id.scope().equals(EngineFacts.SCOPE)
                        && (id.kind() == ResourceKind.REGISTRY_HOST
                            || id.kind() == ResourceKind.DENIAL));
    return governed ? EngineFacts.governed() : EngineFacts.unasked(String.valueOf(why));
  }

  @Override
  public Proof prove(Regime regime) throws IOException {
    if (changes.state().find(DENIAL).isEmpty()) {
      return new Proof.Proven();
    }
    Optional<DockerEngine.Running> running = engine.find();
    if (running.isEmpty()) {
      return new Proof.Inconclusive("dockerd does not run, so it cannot be asked; start it.");
    }
    // One that somebody made unreadable names none, and then denies none either.
    SortedSet<String> admitted = hosts.admitted(CERTIFICATES).orElse(new TreeSet<>());
    return new EngineProof(admitted, deniedByName(), hosts.foreignDirectories(CERTIFICATES))
        .of(new PullProbe(running.get()));
  }

  @Override
  public List<String> weaknesses(Regime regime) throws IOException {
    return hosts.foreignDirectories(CERTIFICATES).stream().map(ForeignDirectory::toString).toList();
  }

  private List<String> deniedByName() throws IOException {
    var denied = new ArrayList<String>();
    for (OwnedFile file : changes.state().files().values()) {
      ResourceId id = file.id();
      if (id.kind() == ResourceKind.REGISTRY_HOST && id.scope().equals(EngineFacts.SCOPE)) {
        for (String environment : file.owners().values()) {
          hosts
              .observe(environment, id)
              .filter(found -> found.fields().containsKey(RegistryHost.DENIED))
              .ifPresent(_ -> denied.add(new HostPath(id.name()).parent().name()));
        }
      }
    }
    return denied;
  }

  @Override
  public String running() throws IOException {
    Optional<DockerEngine.Running> running = engine.find();
    if (running.isEmpty()) {
      return "";
    }
    EngineInfo info = running.get().info();
    return "%s, %s, insecure %s, mirrors %s"
        .formatted(running.get().process(), info, info.insecure(), info.mirrors());
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    return files.observe(environment, id);
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    return files.apply(environment, change, payloads);
  }

  @Override
  public Set<HostPath> directories() throws IOException {
    var directories = new TreeSet<>(List.of(SETTINGS, CERTIFICATES, SOCKET));
    changes.state().files().keySet().forEach(path -> directories.add(path.parent()));
    return directories;
  }
}
