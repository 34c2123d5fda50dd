package dev.tidewaiter.target.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The users of a host, from its `etc/passwd`. A line that is not of the form is left out, as libc
/// does.
///
/// Source: passwd(5).
public final class HostUsers {
  private static final HostPath PASSWD = new HostPath("etc/passwd");
  private static final Pattern COLON = Pattern.compile(":");

  private HostUsers() {}

  /// @param userId numeric
  /// @param groupId numeric
  /// @param home absolute on the host
  public record HostUser(String name, int userId, int groupId, String home) {
    /// What a file of this user gets. Numbers, because another root has other names.
    public Ownership ownership(String mode) throws IOException {
      UserPrincipalLookupService ids = FileSystems.getDefault().getUserPrincipalLookupService();
      return new Ownership(
          Ownership.ofMode(mode).permissions(),
          ids.lookupPrincipalByName(Integer.toString(userId)),
          ids.lookupPrincipalByGroupName(Integer.toString(groupId)));
    }
  }

  /// By name; empty if the host has no such file.
  public static SortedMap<String, HostUser> load(HostFiles files) throws IOException {
    var users = new TreeMap<String, HostUser>();
    Optional<HostFile> passwd = files.read(PASSWD);
    if (passwd.isPresent()) {
      String text = new String(passwd.get().content().bytes(), StandardCharsets.UTF_8);
      text.lines()
          .map(HostUsers::parse)
          .flatMap(Optional::stream)
          .forEach(user -> users.putIfAbsent(user.name(), user));
    }
    return users;
  }

  private static Optional<HostUser> parse(String line) {
    List<String> parts = List.of(COLON.split(line, -1));
    if (parts.size() != 7 || !isNumber(parts.get(2)) || !isNumber(parts.get(3))) {
      return Optional.empty();
    }
    String home = parts.get(5);
    boolean usable = home.startsWith("/") && !List.of(home.split("/")).contains("..");
    return usable
        ? Optional.of(
            new HostUser(
                parts.getFirst(),
                Integer.parseInt(parts.get(2)),
                Integer.parseInt(parts.get(3)),
                home))
        : Optional.empty();
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,9}");
  }
}
