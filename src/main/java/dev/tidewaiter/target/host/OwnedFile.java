package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the state file says of one file in which something is ours.
///
/// @param id the resource it belongs to
/// @param owners the environment that owns each field of ours; whole files have the one field
///   `content`
/// @param mode of a whole file, what we left it with; of a shared one, what it had before us
/// @param digests the contents that may be ours: one, or two while a write is under way
/// @param before what stood there before us; null if nothing did
/// @param volume the [HostFiles#identity] of the directory that may not be mounted at times; null
///   for none, or if an older release wrote it
public record OwnedFile(
    ResourceId id,
    SortedMap<String, String> owners,
    String mode,
    Set<String> digests,
    @Nullable FileContent before,
    @Nullable String volume) {
  private static final Map<String, ResourceKind> LISTS =
      Map.of(
          "insecure-registries", ResourceKind.INSECURE_REGISTRIES,
          "registry-mirrors", ResourceKind.REGISTRY_MIRRORS);

  public OwnedFile {
    owners = Collections.unmodifiableSortedMap(new TreeMap<>(owners));
    digests = Collections.unmodifiableSortedSet(new TreeSet<>(digests));
  }

  /// Of a file of the host's own file system.
  public OwnedFile(
      ResourceId id,
      SortedMap<String, String> owners,
      String mode,
      Set<String> digests,
      @Nullable FileContent before) {
    this(id, owners, mode, digests, before, null);
  }

  /// Whether nobody changed the file after us.
  public boolean left(HostFile file) {
    return digests.contains(file.digest());
  }

  /// The resources of which something is here, for an environment: `daemon.json` holds two, each a
  /// list of its own.
  public Set<ResourceId> idsOf(String environment) {
    return fieldsOf(environment).stream().map(this::idOf).collect(Collectors.toSet());
  }

  ResourceId idOf(String field) {
    ResourceKind kind = LISTS.get(field.substring(0, Math.max(0, field.indexOf('/'))));
    return kind == null ? id : new ResourceId(kind, id.scope(), id.name());
  }

  /// Whether anything of a resource is here.
  boolean holds(ResourceId resource) {
    return owners.keySet().stream().anyMatch(field -> idOf(field).equals(resource));
  }

  public Set<String> fieldsOf(String environment) {
    return owners.entrySet().stream()
        .filter(entry -> entry.getValue().equals(environment))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public OwnedFile withOwners(SortedMap<String, String> next) {
    return new OwnedFile(id, next, mode, digests, before, volume);
  }

  public OwnedFile withDigests(Set<String> next) {
    return new OwnedFile(id, owners, mode, next, before, volume);
  }
}
