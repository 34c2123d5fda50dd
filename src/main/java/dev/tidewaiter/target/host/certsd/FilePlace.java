package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A file that is wholly ours or not touched, as it stands now.
///
/// @param seen null if there is none
/// @param record what the state file says of it; null if it is not ours
record FilePlace(
    ResourceId id, HostPath path, @Nullable HostFile seen, @Nullable OwnedFile record) {
  private static final String CONTENT = "content";
  private static final Ownership DIRECTORIES = Ownership.ofMode("0755");

  /// @param id whose name is the file's path
  static FilePlace read(FileChanges changes, ResourceId id) throws IOException {
    var path = new HostPath(id.name());
    return new FilePlace(
        id, path, changes.read(path).orElse(null), changes.state().find(path).orElse(null));
  }

  /// Whose it is.
  ///
  /// @param what words for such a file
  static Holding holding(String environment, Optional<OwnedFile> record, String what) {
    if (record.isEmpty()) {
      return new Holding.Foreign(what + " that somebody else wrote", Holding.Adoption.FORBIDDEN);
    }
    String owner = record.get().owners().get(CONTENT);
    return environment.equals(owner)
        ? new Holding.Ours()
        : new Holding.Elsewhere("environment " + owner);
  }

  /// Whether we may write it.
  boolean isFree(String environment) {
    return (seen == null && record == null) || isOf(environment);
  }

  boolean isOf(String environment) {
    return record != null && record.owners().containsValue(environment);
  }

  @Nullable FileContent content() {
    return seen == null ? null : seen.content();
  }

  /// @throws HostFileException of reason `Conflict`
  void requireOurs(String environment) throws HostFileException {
    if (record == null && seen != null) {
      throw HostFileException.conflict(
          path + ": somebody else wrote it. Remove it to hand its place over.");
    }
    if (record != null && !isOf(environment)) {
      throw HostFileException.conflict(path + ": it belongs to another environment.");
    }
  }

  /// What makes it a file of ours with this content, on the base of what was seen.
  FileChanges.Part part(String environment, FileContent next, String mode) {
    var owners = new TreeMap<String, String>();
    owners.put(CONTENT, environment);
    return new FileChanges.Part(
        new FileChanges.Write(path, seen, next, Ownership.ofMode(mode), DIRECTORIES),
        new OwnedFile(id, owners, mode, record == null ? Set.of() : record.digests(), null));
  }
}
