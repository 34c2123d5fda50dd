package dev.tidewaiter.target.host.system;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.Command;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The trust store of a host's system, of the families that [Family] has.
public final class SystemTrust implements HostRuntime {
  private static final Map<Capability, String> LACKS = lacks();

  private final FileChanges changes;
  private final Path root;
  private final TrustStore.Programs programs;

  /// @param root of the host; nothing is run under any other than `/`
  public SystemTrust(FileChanges changes, Path root) {
    this(changes, root, Command::succeeds);
  }

  SystemTrust(FileChanges changes, Path root, TrustStore.Programs programs) {
    this.changes = changes;
    this.root = root;
    this.programs = programs;
  }

  private static Map<Capability, String> lacks() {
    var lacks = new EnumMap<Capability, String>(Capability.class);
    for (Capability capability : Capability.values()) {
      lacks.put(capability, "the trust store holds CAs and nothing else; list a runtime");
    }
    lacks.remove(Capability.TRUST_STORE);
    return lacks;
  }

  @Override
  public String name() {
    return "system";
  }

  @Override
  public Optional<RuntimeFacts> facts() throws IOException {
    return Family.find(changes.files())
        .map(
            family ->
                new RuntimeFacts(
                    name(), List.of(), version(family), family.directory().text(), LACKS));
  }

  private String version(Family family) {
    return TrustStore.isLive(root)
        ? "trust store of " + family.program()
        : "trust store; run " + String.join(" ", family.renew()) + " on the host itself";
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    requireOurs(id);
    Optional<Family> family = Family.find(changes.files());
    return family.isEmpty() ? Optional.empty() : files(family.get()).observe(environment, id);
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    requireOurs(change.id());
    Family family =
        Family.find(changes.files())
            .orElseThrow(
                () -> HostFileException.unsafe(change.id() + ": the host has no trust store."));
    return files(family).apply(environment, change, payloads);
  }

  private TrustedCertificates files(Family family) {
    return new TrustedCertificates(changes, new TrustStore(root, family, programs));
  }

  private static void requireOurs(ResourceId id) {
    if (id.kind() != ResourceKind.TRUSTED_CERTIFICATE) {
      throw new IllegalStateException("no resource of the trust store: " + id);
    }
  }

  /// The files, and the bundle, which somebody may make without them.
  @Override
  public Set<HostPath> directories() throws IOException {
    var directories = new TreeSet<HostPath>();
    Family.find(changes.files())
        .ifPresent(
            family -> {
              directories.add(family.directory());
              directories.add(family.bundle());
            });
    return directories;
  }
}
