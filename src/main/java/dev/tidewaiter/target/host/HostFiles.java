package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Port: the files of a host, beneath its root. Each method that changes something is one step that
/// a crash leaves either done or not done.
///
/// No symbolic link is followed on any component below the root: a link is answered with a
/// [HostFileException] of reason `Unsafe`, and so is what is neither file nor directory where one
/// is needed.
public interface HostFiles {
  /// What stands at a path, up to a size that no file of a host has; empty if nothing does.
  Optional<HostFile> read(HostPath path) throws IOException;

  boolean isDirectory(HostPath path) throws IOException;

  /// The names of what a directory holds, sorted; empty if it is not there.
  List<String> names(HostPath directory) throws IOException;

  /// Whether anything at all stands there, be it a link or a socket.
  boolean exists(HostPath path) throws IOException;

  /// What tells a directory from all others as long as its file system is mounted; empty if it is
  /// not there.
  Optional<String> identity(HostPath directory) throws IOException;

  /// The directory to use for an absolute path that the host's administrator chose, such as a home:
  /// links on the way to it are resolved where the root is `/`.
  HostPath resolve(String absolutePath) throws IOException;

  /// Creates one directory; its parent exists. A crash may leave it with a mode and owner that let
  /// nobody else in.
  void createDirectory(HostPath path, Ownership ownership) throws IOException;

  /// Writes the whole content to [HostPath#temporary] with its final mode and owner, and syncs it.
  /// Where that fails, and does not crash, no temporary file stays.
  void writeTemporary(HostPath path, FileContent content, Ownership ownership) throws IOException;

  /// Renames the temporary file into place, and syncs the directory.
  void promote(HostPath path) throws IOException;

  /// Removes a file, if it is there, and syncs the directory.
  void delete(HostPath path) throws IOException;

  /// Removes a directory if it is there and empty.
  ///
  /// @return whether it is gone
  boolean removeDirectory(HostPath path) throws IOException;
}
