package dev.tidewaiter.target.host;

import dev.tidewaiter.model.ResourceId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The inventory of a host: which files are ours, wholly or in part.
///
/// @param files by path
/// @param directories those that we created
public record HostState(SortedMap<HostPath, OwnedFile> files, SortedSet<HostPath> directories) {
  public static final HostState EMPTY = new HostState(new TreeMap<>(), new TreeSet<>());

  public HostState {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    directories = Collections.unmodifiableSortedSet(new TreeSet<>(directories));
  }

  public Optional<OwnedFile> find(HostPath path) {
    return Optional.ofNullable(files.get(path));
  }

  /// Where a resource was written.
  public Optional<HostPath> pathOf(ResourceId id) {
    return files.entrySet().stream()
        .filter(entry -> entry.getValue().holds(id))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// Environments that own anything.
  public Set<String> environments() {
    return files.values().stream()
        .flatMap(file -> file.owners().values().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public HostState with(HostPath path, OwnedFile file) {
    var next = new TreeMap<>(files);
    next.put(path, file);
    return new HostState(next, directories);
  }

  public HostState without(HostPath path) {
    var next = new TreeMap<>(files);
    next.remove(path);
    return new HostState(next, directories);
  }

  public HostState withDirectories(Set<HostPath> created) {
    var next = new TreeSet<>(directories);
    next.addAll(created);
    return new HostState(files, next);
  }

  public HostState withoutDirectories(Set<HostPath> removed) {
    var next = new TreeSet<>(directories);
    next.removeAll(removed);
    return new HostState(files, next);
  }

  /// Directories that we created and in which no file of ours is left, the deepest first.
  public SortedSet<HostPath> unusedDirectories() {
    var unused = new TreeSet<HostPath>(Collections.reverseOrder());
    for (HostPath directory : directories) {
      if (files.keySet().stream().noneMatch(file -> file.isBeneath(directory))) {
        unused.add(directory);
      }
    }
    return unused;
  }
}
