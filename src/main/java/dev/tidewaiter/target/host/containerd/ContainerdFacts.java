package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.OwnedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the containerd of a host is and can do.
///
/// What cannot be told, such as during an upgrade or while it is stopped, is an error where
/// something of ours stands: what containerd is said to lack would be withdrawn.
final class ContainerdFacts {
  static final String SCOPE = "containerd";

  private static final List<HostPath> TRACES =
      List.of(
          new HostPath("etc/containerd"),
          new HostPath("run/containerd/containerd.sock"),
          new HostPath("usr/bin/containerd"),
          new HostPath("usr/sbin/containerd"),
          new HostPath("usr/local/bin/containerd"));

  private static final Map<Capability, String> NEVER =
      Map.of(
          Capability.USER_CREDENTIALS,
          "containerd pulls with what the kubelet gives it and knows no users; use pull Secrets",
          Capability.ALLOW_LIST_PATHS,
          "a host directory of containerd admits a registry as a whole",
          Capability.TRUST_STORE,
          "the trust store is the system's");

  private final FileChanges changes;
  private final Containerd containerd;
  private final SettingsPermission permission;
  private @Nullable InForce inForce;

  /// What a process read when it started.
  private record InForce(Containerd.Running running, List<HostPath> directories) {}

  ContainerdFacts(FileChanges changes, Containerd containerd, SettingsPermission permission) {
    this.changes = changes;
    this.containerd = containerd;
    this.permission = permission;
  }

  Optional<RuntimeFacts> find() throws IOException {
    for (HostPath trace : TRACES) {
      if (changes.files().exists(trace)) {
        return Optional.of(facts());
      }
    }
    return Optional.empty();
  }

  private RuntimeFacts facts() throws IOException {
    try {
      return containerd.equals(Containerd.NONE) ? unasked() : asked();
    } catch (HostFileException e) {
      if (hasOurs()) {
        throw e;
      }
      return all("", "", String.valueOf(e.getMessage()));
    }
  }

  private boolean hasOurs() throws IOException {
    return hasOursBelow(HostPath.ROOT);
  }

  private boolean hasOursBelow(HostPath directory) throws IOException {
    return changes.state().files().entrySet().stream()
        .anyMatch(
            entry ->
                entry.getValue().id().scope().equals(SCOPE) && entry.getKey().isBeneath(directory));
  }

  private RuntimeFacts asked() throws IOException {
    Containerd.Program program =
        containerd
            .find()
            .orElseThrow(
                () -> HostFileException.unsafe("/etc/containerd: no program containerd is found."));
    requireRunning(program);
    ContainerdVersion version = program.version();
    EffectiveSettings settings = program.dump(null);
    String text = version.toString();
    if (settings.isCriDisabled()) {
      requireRead(program, settings);
      return all(
          text,
          "",
          program.settings()
              + ": disabled_plugins turns the CRI plugin off, so no Kubernetes pulls with it. Leave"
              + " it out of `runtimes`, or enable the plugin.");
    }
    List<HostPath> configured = settings.directories(version);
    List<HostPath> directories = inForce(program, settings, configured);
    if (!directories.isEmpty()) {
      return new RuntimeFacts(
          SCOPE, List.of(SCOPE), text, directories.getFirst().text(), lacks(version));
    }
    requireNothingInUse(program.settings().toString());
    return configured.isEmpty()
        ? unset(program, settings, version)
        : all(
            text,
            configured.getFirst().text(),
            program.settings()
                + ": it was changed since containerd started, so its config_path does not count"
                + " yet. Restart containerd; containers go on meanwhile.");
  }

  // The one that is installed may be started with other settings than those it finds by itself.
  private void requireRunning(Containerd.Program program) throws IOException {
    if (program.running() == null && hasOurs()) {
      throw HostFileException.unsafe(
          LocalContainerd.SOCKET
              + ": no containerd runs, so what it reads cannot be told, and what Tidewaiter wrote"
              + " for it stays. Start it.");
    }
  }

  // What was changed after it started is not in force.
  private void requireRead(Containerd.Program program, EffectiveSettings settings)
      throws IOException {
    Containerd.Running running = program.running();
    if (running != null
        && hasOurs()
        && !SettingsAge.isOlder(program.settings(), settings.imports(), running.started())) {
      throw HostFileException.unsafe(
          program.settings()
              + ": it was changed since containerd started, and now turns the CRI plugin off. What"
              + " Tidewaiter wrote stays until containerd is restarted with it.");
    }
  }

  /// @param place that says where host directories are looked for, and does not say so in force
  private void requireNothingInUse(String place) throws IOException {
    Optional<HostPath> tree =
        changes.state().files().values().stream()
            .map(OwnedFile::id)
            .filter(id -> id.scope().equals(SCOPE) && id.kind() != ResourceKind.RUNTIME_SETTINGS)
            .map(id -> new HostPath(id.name()).parent().parent())
            .findFirst();
    if (tree.isPresent()) {
      throw HostFileException.unsafe(
          place
              + ": its config_path is not, or not in force, "
              + tree.get()
              + ", where what Tidewaiter wrote lies, which stays. Set it to that and restart"
              + " containerd.");
    }
  }

  // Where it may be written, the directory is named, and so wanted.
  private RuntimeFacts unset(
      Containerd.Program program, EffectiveSettings settings, ContainerdVersion version) {
    boolean written = permission == SettingsPermission.SET && !settings.hasMirrors();
    return written
        ? all(
            version.toString(),
            Containerd.DIRECTORY.text(),
            program.settings()
                + ": no config_path is set yet. Restart containerd when Tidewaiter has written it.")
        : all(version.toString(), "", ConfigPathAdvice.of(program, settings, version));
  }

  // Where something of ours is in use already, a change of the file is one of something else.
  private List<HostPath> inForce(
      Containerd.Program program, EffectiveSettings settings, List<HostPath> configured)
      throws IOException {
    Containerd.Running running = program.running();
    if (running == null) {
      return configured;
    }
    InForce known = inForce;
    if (known != null && known.running.equals(running)) {
      return known.directories;
    }
    if ((!configured.isEmpty() && hasOursBelow(configured.getFirst()))
        || SettingsAge.isOlder(program.settings(), settings.imports(), running.started())) {
      inForce = new InForce(running, configured);
      return configured;
    }
    return List.of();
  }

  private static Map<Capability, String> lacks(ContainerdVersion version) {
    var lacks = new EnumMap<Capability, String>(NEVER);
    if (!version.isAtLeast(1, 6, 17)) {
      lacks.put(
          Capability.ALLOW_LIST,
          "containerd knows no `_default` directory before 1.6.17; upgrade it");
    }
    if (!version.isAtLeast(2, 1, 0)) {
      lacks.put(
          Capability.NODE_CREDENTIALS,
          "before 2.1 containerd shows a credential of a host directory only to registries with"
              + " Basic authentication, and breaks those with tokens; upgrade it, or use pull"
              + " Secrets");
    }
    return lacks;
  }

  private RuntimeFacts unasked() throws IOException {
    Optional<HostFile> file = changes.read(Containerd.SETTINGS);
    String configured =
        file.isEmpty()
            ? ""
            : SettingsText.parse(
                    Containerd.SETTINGS,
                    new String(file.get().content().bytes(), StandardCharsets.UTF_8))
                .configPath();
    if (!configured.startsWith("/")) {
      requireNothingInUse(Containerd.SETTINGS.toString());
      boolean written = permission == SettingsPermission.SET && file.isPresent();
      return all(
          "",
          written ? Containerd.DIRECTORY.text() : "",
          Containerd.SETTINGS
              + ": it sets no config_path, and nothing is asked of a host under another root");
    }
    var lacks = new EnumMap<Capability, String>(NEVER);
    for (Capability needsVersion : List.of(Capability.ALLOW_LIST, Capability.NODE_CREDENTIALS)) {
      lacks.put(
          needsVersion,
          "it depends on the version, and nothing is asked of a host under another root");
    }
    int colon = configured.indexOf(':');
    String first = colon < 0 ? configured : configured.substring(0, colon);
    return new RuntimeFacts(SCOPE, List.of(SCOPE), "", HostPath.ofAbsolute(first).text(), lacks);
  }

  private static RuntimeFacts all(String version, String directory, String reason) {
    var lacks = new EnumMap<Capability, String>(Capability.class);
    for (Capability capability : Capability.values()) {
      lacks.put(capability, reason);
    }
    lacks.putAll(NEVER);
    return new RuntimeFacts(SCOPE, List.of(SCOPE), version, directory, lacks);
  }
}
