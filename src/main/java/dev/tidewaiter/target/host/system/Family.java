package dev.tidewaiter.target.host.system;

import dev.tidewaiter.target.host.HostFiles;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// How a distribution keeps its trust store: a directory for the administrator's own CAs, and a
/// program that makes the bundle out of it which programs read.
///
/// Sources: update-ca-certificates(8), update-ca-trust(8).
///
/// @param signs of which one is there besides the program: SUSE's has the name of Debian's, and
///   Arch Linux's that of Red Hat's, for another directory
/// @param programs where the program may be
/// @param bundle what most programs read; the rest of what the program makes follows from the same
///   files
/// @param add the program's words for a certificate that is new
/// @param renew those for one that is another now, or gone: it begins anew, so that what was taken
///   away is gone from the bundle and from the links beside it
record Family(
    HostPath directory,
    List<HostPath> signs,
    List<HostPath> programs,
    HostPath bundle,
    List<String> add,
    List<String> renew) {
  /// Debian, Ubuntu, Alpine.
  private static final Family DEBIAN =
      new Family(
          new HostPath("usr/local/share/ca-certificates"),
          List.of(
              new HostPath("usr/local/share/ca-certificates"),
              new HostPath("etc/ca-certificates.conf")),
          List.of(new HostPath("usr/sbin/update-ca-certificates")),
          new HostPath("etc/ssl/certs/ca-certificates.crt"),
          List.of("update-ca-certificates"),
          List.of("update-ca-certificates", "--fresh"));

  /// Red Hat, Fedora, and what descends from them.
  private static final Family RED_HAT =
      new Family(
          new HostPath("etc/pki/ca-trust/source/anchors"),
          List.of(new HostPath("etc/pki/ca-trust/source/anchors")),
          List.of(
              new HostPath("usr/bin/update-ca-trust"), new HostPath("usr/sbin/update-ca-trust")),
          new HostPath("etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          List.of("update-ca-trust", "extract"),
          List.of("update-ca-trust", "extract"));

  Family {
    signs = List.copyOf(signs);
    programs = List.copyOf(programs);
    add = List.copyOf(add);
    renew = List.copyOf(renew);
  }

  static Optional<Family> find(HostFiles files) throws IOException {
    for (Family family : List.of(DEBIAN, RED_HAT)) {
      if (isAny(family.programs, files) && isAny(family.signs, files)) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  private static boolean isAny(List<HostPath> paths, HostFiles files) throws IOException {
    for (HostPath path : paths) {
      if (files.exists(path)) {
        return true;
      }
    }
    return false;
  }

  String program() {
    return programs.getFirst().name();
  }
}
