package dev.tidewaiter.target.host;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may do what with a file.
///
/// @param user null for the user that this process runs as
/// @param group null likewise
public record Ownership(
    Set<PosixFilePermission> permissions,
    @Nullable UserPrincipal user,
    @Nullable GroupPrincipal group) {
  public Ownership {
    permissions = Set.copyOf(permissions);
  }

  /// Of this process, with a mode such as `0644`.
  public static Ownership ofMode(String mode) {
    return new Ownership(permissions(mode), null, null);
  }

  /// The same with another mode, such as `0644`.
  Ownership withMode(String mode) {
    return new Ownership(permissions(mode), user, group);
  }

  /// The same without what the group and others may do.
  Ownership ofOwnerAlone() {
    var own = EnumSet.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);
    own.retainAll(permissions);
    return new Ownership(own, user, group);
  }

  /// Four octal digits: `0600`.
  public String mode() {
    int bits = 0;
    int bit = 0400;
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      bits |= permissions.contains(permission) ? bit : 0;
      bit >>= 1;
    }
    return String.format("%04o", bits);
  }

  // PosixFilePermission declares its constants in the order of the bits, from 0400 down to 0001.
  private static Set<PosixFilePermission> permissions(String mode) {
    int bits = Integer.parseInt(mode, 8);
    int bit = 0400;
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((bits & bit) != 0) {
        permissions.add(permission);
      }
      bit >>= 1;
    }
    return permissions;
  }
}
