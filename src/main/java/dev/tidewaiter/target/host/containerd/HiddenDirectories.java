package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a first file of ours would hide where `config_path` has several trees, as it has by itself
/// since 2.2: the first tree with a directory for a registry counts, and `_default` is one for all.
///
/// Source: `hostDirFromRoots` in containerd `internal/cri/server/images/image_pull.go`.
record HiddenDirectories(FileChanges changes, Containerd containerd) {
  private static final String DEFAULT = "_default";

  /// @throws HostFileException of reason `Unsafe` if another tree has what somebody else made,
  ///   which containerd would read no more
  void require(Change change) throws IOException {
    HostPath directory = new HostPath(change.id().name()).parent();
    HostPath tree = directory.parent();
    if (change instanceof Change.Prune
        || stands(tree, directory.name())
        || changes.files().exists(tree.child(DEFAULT))) {
      return;
    }
    for (HostPath other : trees()) {
      List<HostPath> hidden = other.equals(tree) ? List.of() : hidden(directory, other);
      if (!hidden.isEmpty()) {
        throw HostFileException.unsafe(
            directory
                + ": with it containerd would not read "
                + hidden.stream().map(HostPath::toString).collect(Collectors.joining(", "))
                + " any more, which somebody else made. Declare what it says and remove it, or move"
                + " it to "
                + tree
                + ".");
      }
    }
  }

  private List<HostPath> trees() throws IOException {
    if (containerd.equals(Containerd.NONE)) {
      Optional<HostFile> file = changes.read(Containerd.SETTINGS);
      return file.isEmpty() ? List.of() : EffectiveSettings.split(configPath(file.get()));
    }
    Optional<Containerd.Program> program = containerd.find();
    return program.isEmpty()
        ? List.of()
        : program.get().dump(null).directories(program.get().version());
  }

  private static String configPath(HostFile settings) throws HostFileException {
    var text = new String(settings.content().bytes(), StandardCharsets.UTF_8);
    return SettingsText.parse(Containerd.SETTINGS, text).configPath();
  }

  private List<HostPath> hidden(HostPath directory, HostPath other) throws IOException {
    boolean all = directory.name().equals(DEFAULT);
    var hidden = new ArrayList<HostPath>();
    for (String name : all ? changes.files().names(other) : names(directory.name())) {
      boolean covered = all && stands(directory.parent(), registry(name));
      if (!covered && isForeign(other.child(name))) {
        hidden.add(other.child(name));
      }
    }
    return hidden;
  }

  private boolean stands(HostPath tree, String registry) throws IOException {
    for (String name : names(registry)) {
      if (changes.files().exists(tree.child(name))) {
        return true;
      }
    }
    return false;
  }

  // `host:port` may be `host_port_`.
  private static List<String> names(String registry) {
    String other = registry.replaceFirst(":([0-9]+)$", "_$1_");
    return other.equals(registry) ? List.of(registry) : List.of(other, registry);
  }

  private static String registry(String name) {
    return name.replaceFirst("_([0-9]+)_$", ":$1");
  }

  // That of Docker holds files of ours too. A link may lead to a directory; a file does not.
  private boolean isForeign(HostPath directory) throws IOException {
    try {
      if (!changes.files().isDirectory(directory)) {
        return false;
      }
      Set<HostPath> ours = changes.state().files().keySet();
      return changes.files().names(directory).stream()
          .map(directory::child)
          .anyMatch(file -> ours.stream().noneMatch(own -> own.equals(file) || own.leaves(file)));
    } catch (HostFileException _) {
      return !changes.isFile(directory);
    }
  }
}
