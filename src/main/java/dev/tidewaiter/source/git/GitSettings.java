package dev.tidewaiter.source.git;

import dev.tidewaiter.model.HttpProxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a config repository is, what of it is followed, and who we are there.
///
/// @param url `https://`, `ssh://` or `file://`; never with a password, nor with any user over
///   https
/// @param path sub-path of the declarations, with `/`; `.` for all of it
/// @param ca PEM file with the only authorities to trust over https; null for the system's. Read
///   again on each connection
/// @param proxy asked to `CONNECT`, for https only, as Git's own `http.proxy`; null to connect
///   directly
/// @param directory where the clone lives; belongs to this repository, reference and path alone
public record GitSettings(
    URI url,
    Reference reference,
    String path,
    Login login,
    @Nullable Path ca,
    @Nullable HttpProxy proxy,
    Path directory) {
  private static final Set<String> SCHEMES = Set.of("https", "ssh", "file");

  /// @throws IllegalArgumentException if a URL cannot be served or carries a credential, or the
  ///   path leaves the repository; the message is safe to show
  public GitSettings {
    path = SubPath.normalise(path);
    String scheme = url.getScheme();
    if (scheme == null || !SCHEMES.contains(scheme)) {
      throw new IllegalArgumentException(
          "the repository's URL must begin with https://, ssh:// or file://");
    }
    if (!"file".equals(scheme) && url.getHost() == null) {
      throw new IllegalArgumentException("the repository's URL has no host");
    }
    String user = url.getRawUserInfo();
    if (user != null && (!"ssh".equals(scheme) || user.contains(":"))) {
      throw new IllegalArgumentException(
          "the repository's URL must not contain a credential; name a file under `auth` instead");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException("the repository's URL must not have a query or fragment");
    }
    if (login instanceof Login.Token && !"https".equals(scheme)) {
      throw new IllegalArgumentException("a token is sent over https only");
    }
    if ((login instanceof Login.Ssh) != "ssh".equals(scheme)) {
      throw new IllegalArgumentException("an ssh:// URL, and no other, needs `auth.ssh`");
    }
  }

  /// What is followed.
  public sealed interface Reference {
    record Branch(String name) implements Reference {}

    record Tag(String name) implements Reference {}

    /// @param revision the whole commit id
    record Pinned(String revision) implements Reference {}
  }

  /// Who the daemon is for the Git server. Files are read again on each connection.
  public sealed interface Login {
    record None() implements Login {}

    /// Basic authentication over https with the file's content as password.
    record Token(String username, Path file) implements Login {}

    /// @param knownHosts OpenSSH's format; a server whose key is not in it is refused
    record Ssh(Path key, Path knownHosts) implements Login {}
  }
}
