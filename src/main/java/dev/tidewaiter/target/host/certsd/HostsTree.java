package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A directory with one directory for each registry, `host:port` or `host_port_`, and `_default`
/// for all others; the first that exists counts, whatever is in it.
///
/// Source: `hostPaths` in containerd `core/remotes/docker/config/config_unix.go`.
record HostsTree(FileChanges changes, HostPath path) {
  private static final Pattern NAME =
      Pattern.compile(
          "(?<host>[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:]+])(:[0-9]+|_(?<port>[0-9]+)_)?");

  /// That of a `hosts.toml`.
  static HostsTree around(FileChanges changes, HostPath file) {
    return new HostsTree(changes, file.parent().parent());
  }

  HostPath file(String registry) {
    return path.child(registry).child(HostsDocument.NAME);
  }

  /// The registries that our denial admits; empty if there is none of ours.
  Optional<SortedSet<String>> admitted() throws IOException {
    HostPath denial = file(HostsDocument.DEFAULT);
    if (changes.state().find(denial).isEmpty()) {
      return Optional.empty();
    }
    return changes
        .read(denial)
        .flatMap(file -> HostsDocument.parse(HostsDocument.DEFAULT, file.content()))
        .map(HostsDocument::admitted);
  }

  /// What somebody else made there for a registry that we know nothing of, or that we deny, and
  /// what stands before a directory of ours.
  ///
  /// @param admitted what our denial admits, or is about to
  List<ForeignDirectory> foreign(SortedSet<String> admitted) throws IOException {
    var foreign = new ArrayList<ForeignDirectory>();
    for (String name : changes.files().names(path)) {
      Matcher matcher = NAME.matcher(name);
      HostPath directory = path.child(name);
      if (matcher.matches() && exempts(directory)) {
        String port = matcher.group("port");
        String registry = port == null ? name : matcher.group("host") + ":" + port;
        boolean known = admitted.contains(registry) || isOurs(file(registry));
        if (port != null || !known) {
          foreign.add(new ForeignDirectory(directory, registry, known));
        }
      }
    }
    return foreign;
  }

  private boolean isOurs(HostPath file) throws IOException {
    return changes.state().find(file).isPresent();
  }

  private boolean exempts(HostPath directory) throws IOException {
    try {
      return changes.files().isDirectory(directory)
          && changes
              .read(directory.child(HostsDocument.NAME))
              .map(HostFile::content)
              .filter(HostsFormat::deniesAll)
              .isEmpty();
    } catch (HostFileException _) {
      return !changes.isFile(directory);
    }
  }

  /// @throws HostFileException of reason `Unsafe` if a first file of ours would make a directory
  ///   for a registry that somebody else's `_default/hosts.toml` serves now, such as from a mirror:
  ///   it would be asked no more, and what could be pulled could be no more
  void requireNothingLost(HostPath file) throws IOException {
    HostPath fallback = file(HostsDocument.DEFAULT);
    if (changes.state().find(fallback).isEmpty()
        && !changes.files().isDirectory(file.parent())
        && changes.files().exists(fallback)) {
      throw HostFileException.unsafe(
          file.parent()
              + ": "
              + fallback
              + ", which somebody else wrote, serves this registry now, and would no more. Declare"
              + " its servers as `mirrors` and remove it.");
    }
  }

  /// Whether a directory has anything that is not ours.
  boolean hasForeignFiles(HostPath directory) throws IOException {
    Set<HostPath> ours = changes.state().files().keySet();
    for (String name : changes.files().names(directory)) {
      HostPath file = directory.child(name);
      boolean known = ours.contains(file) || ours.stream().anyMatch(path -> path.leaves(file));
      if (!known) {
        return true;
      }
    }
    return false;
  }

  /// The files that a `hosts.toml` names and that are not there, or cannot be what they are named
  /// for.
  List<HostPath> missing(HostPath file, FileContent content) throws IOException {
    Path directory = Path.of(file.parent().toString());
    var missing = new ArrayList<HostPath>();
    for (String name : HostsFormat.references(content)) {
      HostPath reference = HostPath.ofAbsolute(directory.resolve(name).normalize().toString());
      if (!isUsable(reference)) {
        missing.add(reference);
      }
    }
    return missing;
  }

  // Those of others may be anywhere, behind links, and of any form.
  private boolean isUsable(HostPath reference) throws IOException {
    if (!reference.isBeneath(path) || !CertificateFiles.NAMES.contains(reference.name())) {
      return changes.files().exists(reference);
    }
    try {
      Optional<HostFile> file = changes.read(reference);
      if (file.isPresent()) {
        CertificateFormat.require(reference, file.get().content());
      }
      return file.isPresent();
    } catch (HostFileException _) {
      return false;
    }
  }

  /// @throws HostFileException of reason `Unsafe` if a `hosts.toml` of ours, but for one, names a
  ///   file that is about to go: its registry could not be pulled from any more
  void requireUnnamed(HostPath file, HostPath except) throws IOException {
    var naming = new ArrayList<HostPath>();
    for (HostPath other : changes.state().files().keySet()) {
      if (other.name().equals(HostsDocument.NAME)
          && other.isBeneath(path)
          && !other.equals(except)
          && names(other, file)) {
        naming.add(other);
      }
    }
    if (!naming.isEmpty()) {
      throw HostFileException.unsafe(file + ": " + words(naming) + " still names it.");
    }
  }

  private boolean names(HostPath hosts, HostPath file) throws IOException {
    Optional<HostFile> seen = changes.read(hosts);
    return seen.isPresent()
        && HostsFormat.references(seen.get().content()).contains(file.toString());
  }

  static String words(List<HostPath> paths) {
    return String.join(", ", paths.stream().map(HostPath::toString).toList());
  }
}
