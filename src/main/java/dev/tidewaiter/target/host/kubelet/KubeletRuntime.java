package dev.tidewaiter.target.host.kubelet;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.AuthsFile;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostRuntime;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The kubelet's credentials for every pull of a node, in `/var/lib/kubelet/config.json`.
///
/// It asks the file again only when what it read is older than five minutes; nothing makes it do so
/// earlier but a restart. Found by its directory: a kubelet with another `--root-dir` is not seen.
///
/// Source: `CachingDockerConfigProvider` in kubernetes `pkg/credentialprovider/provider.go`.
public final class KubeletRuntime implements HostRuntime {
  private static final HostPath DIRECTORY = new HostPath("var/lib/kubelet");
  private static final HostPath FILE = DIRECTORY.child("config.json");

  private static final RuntimeFacts FACTS =
      new RuntimeFacts(
          "kubelet", List.of("kubelet"), "(reads its config.json every five minutes)", "", lacks());

  private final FileChanges changes;
  private final AuthsFile auths;

  public KubeletRuntime(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.auths = new AuthsFile(changes, sealer);
  }

  private static Map<Capability, String> lacks() {
    var lacks = new EnumMap<Capability, String>(Capability.class);
    for (Capability capability : Capability.values()) {
      lacks.put(capability, "the kubelet pulls nothing itself; list the runtime beneath it");
    }
    lacks.remove(Capability.NODE_CREDENTIALS);
    return lacks;
  }

  @Override
  public String name() {
    return "kubelet";
  }

  @Override
  public Optional<RuntimeFacts> facts() throws IOException {
    return changes.files().exists(DIRECTORY) ? Optional.of(FACTS) : Optional.empty();
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    requireOurs(id);
    return auths.observe(environment, id, path());
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    requireOurs(change.id());
    return auths.apply(environment, change, payloads, new ConfigJson(changes, path()));
  }

  // Small distributions put a link to their own directory there.
  private HostPath path() throws IOException {
    return changes.files().resolve(DIRECTORY.toString()).child(FILE.name());
  }

  private static void requireOurs(ResourceId id) {
    if (id.kind() != ResourceKind.NODE_CREDENTIALS) {
      throw new IllegalStateException("no resource of the kubelet: " + id);
    }
  }

  /// The file alone: the kubelet keeps other things of its own beside it.
  @Override
  public Set<HostPath> directories() throws IOException {
    return Set.of(path());
  }
}
