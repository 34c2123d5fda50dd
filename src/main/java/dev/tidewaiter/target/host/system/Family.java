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
enum Family {
  /// Debian, Ubuntu, Alpine.
  DEBIAN(
      "usr/local/share/ca-certificates",
      List.of("usr/sbin/update-ca-certificates"),
      "etc/ssl/certs/ca-certificates.crt",
      "--fresh"),
  /// Red Hat, Fedora, and what descends from them.
  RED_HAT(
      "etc/pki/ca-trust/source/anchors",
      List.of("usr/bin/update-ca-trust", "usr/sbin/update-ca-trust"),
      "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
      "extract");

  private final HostPath directory;
  private final List<HostPath> programs;
  private final HostPath bundle;
  private final String again;

  /// @param again the word that makes the program begin anew, so that what was taken away is gone
  ///   from the bundle and from the links beside it
  Family(String directory, List<String> programs, String bundle, String again) {
    this.directory = new HostPath(directory);
    this.programs = programs.stream().map(HostPath::new).toList();
    this.bundle = new HostPath(bundle);
    this.again = again;
  }

  /// That of a host, told by its program.
  static Optional<Family> find(HostFiles files) throws IOException {
    for (Family family : values()) {
      for (HostPath program : family.programs) {
        if (files.exists(program)) {
          return Optional.of(family);
        }
      }
    }
    return Optional.empty();
  }

  HostPath directory() {
    return directory;
  }

  /// What most programs read; the rest of what the program makes follows from the same files.
  HostPath bundle() {
    return bundle;
  }

  String program() {
    return programs.getFirst().name();
  }

  /// For a certificate that is new.
  List<String> add() {
    return this == DEBIAN ? List.of(program()) : remove();
  }

  /// For one that is another now, or gone.
  List<String> remove() {
    return List.of(program(), again);
  }
}
