package dev.tidewaiter.target.host;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.target.host.HostUsers.HostUser;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A file of a user, below the home.
///
/// @param below the names from the home to the file
public record UserFile(FileChanges changes, String user, List<String> below) {
  /// Where it is, or was written: a user who is gone, or moved, is still cleaned up there.
  ///
  /// @param id whose name is the user
  /// @return empty if there is no such user
  public Optional<HostPath> find(ResourceId id) throws IOException {
    Optional<HostPath> recorded = changes.state().pathOf(id);
    if (recorded.isPresent()) {
      return recorded;
    }
    HostUser found = HostUsers.load(changes.files()).get(user);
    if (found == null) {
      return Optional.empty();
    }
    HostPath path = changes.files().resolve(found.home());
    for (String name : below) {
      path = path.child(name);
    }
    return Optional.of(path);
  }

  /// What it gets when it is new.
  ///
  /// @throws HostFileException if there is no such user
  Ownership file() throws IOException {
    return known().ownership("0600");
  }

  /// What directories that have to be created get. Only what is below the home ever is: a home that
  /// is missing, such as an unmounted one, is not ours to make.
  ///
  /// @throws HostFileException if there is no such home or user
  Ownership directories(HostPath path) throws IOException {
    HostPath home = home(path);
    if (!changes.files().isDirectory(home)) {
      throw HostFileException.unsafe(home + ": the home of " + user + " does not exist.");
    }
    return known().ownership("0700");
  }

  /// The home that a file is below, be it that of now or not.
  HostPath home(HostPath path) {
    HostPath home = path;
    for (String _ : below) {
      home = home.parent();
    }
    return home;
  }

  /// Whether there is no such user any more.
  boolean isAbandoned() throws IOException {
    return !HostUsers.load(changes.files()).containsKey(user);
  }

  private HostUser known() throws IOException {
    HostUser found = HostUsers.load(changes.files()).get(user);
    if (found == null) {
      throw unknown();
    }
    return found;
  }

  /// That there is no such user.
  public HostFileException unknown() {
    return HostFileException.unsafe(
        user + ": /etc/passwd has no such user; those of LDAP or SSSD are not known.");
  }
}
