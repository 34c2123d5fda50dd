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
/// @param programs where the program may be; the family is told by it
/// @param bundle what most programs read; the rest of what the program makes follows from the same
///   files
/// @param add the program's words for a certificate that is new
/// @param renew those for one that is another now, or gone: it begins anew, so that what was taken
///   away is gone from the bundle and from the links beside it
record Family(
    HostPath directory,
    List<HostPath> programs,
    HostPath bundle,
    List<String> add,
    List<String> renew) {
  /// Debian, Ubuntu, Alpine.
  private static final Family DEBIAN =
      new Family(
          new HostPath("usr/local/share/ca-certificates"),
          List.of(new HostPath("usr/sbin/update-ca-certificates")),
          new HostPath("etc/ssl/certs/ca-certificates.crt"),
          List.of("update-ca-certificates"),
          List.of("update-ca-certificates", "--fresh"));

  /// Red Hat, Fedora, and what descends from them.
  private static final Family RED_HAT =
      new Family(
          new HostPath("etc/pki/ca-trust/source/anchors"),
          List.of(
              new HostPath("usr/bin/update-ca-trust"), new HostPath("usr/sbin/update-ca-trust")),
          new HostPath("etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          List.of("update-ca-trust", "extract"),
          List.of("update-ca-trust", "extract"));

  Family {
    programs = List.copyOf(programs);
    add = List.copyOf(add);
    renew = List.copyOf(renew);
  }

  static Optional<Family> find(HostFiles files) throws IOException {
    for (Family family : List.of(DEBIAN, RED_HAT)) {
      for (HostPath program : family.programs) {
        if (files.exists(program)) {
          return Optional.of(family);
        }
      }
    }
    return Optional.empty();
  }

  String program() {
    return programs.getFirst().name();
  }
}
