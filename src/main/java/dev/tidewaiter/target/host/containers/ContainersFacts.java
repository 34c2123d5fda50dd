package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostFiles;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which of podman and CRI-O a host has, and what they cannot do.
///
/// Both have had all that is managed here for so long that no version need be told apart: drop-ins
/// since 2020, the rest before.
final class ContainersFacts {
  static final String SCOPE = "containers";

  private static final List<String> BINARIES = List.of("usr/bin/", "usr/local/bin/");
  private static final HostPath SOCKET = new HostPath("run/crio/crio.sock");

  private final FileChanges changes;
  private final HostFiles files;
  private final boolean asked;
  private final Versions versions = new Versions();

  /// @param asked whether the host's programs may be run
  ContainersFacts(FileChanges changes, boolean asked) {
    this.changes = changes;
    this.files = changes.files();
    this.asked = asked;
  }

  /// @return empty if the host has neither
  /// @throws IOException if it cannot be told what they can
  Optional<RuntimeFacts> find() throws IOException {
    var words = new ArrayList<String>();
    var found = new ArrayList<String>();
    Optional<HostPath> podman = binary("podman");
    if (podman.isPresent()) {
      words.add("podman");
      found.add(named("podman", podman));
    }
    Optional<HostPath> crio = binary("crio");
    if (crio.isPresent() || files.exists(SOCKET) || files.exists(CrioSettings.DIRECTORY)) {
      words.add("crio");
      found.add(named("crio", crio));
    }
    String version = asked ? String.join(", ", found) : "";
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RuntimeFacts(SCOPE, words, version, "etc/containers/certs.d", lacks(words)));
  }

  private Optional<HostPath> binary(String name) throws IOException {
    for (String directory : BINARIES) {
      HostPath path = new HostPath(directory + name);
      if (files.exists(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private String named(String name, Optional<HostPath> binary) throws IOException {
    String version =
        asked && binary.isPresent() ? versions.of(Path.of(binary.get().toString())) : "";
    return (name + " " + version).strip();
  }

  private Map<Capability, String> lacks(List<String> words) throws IOException {
    var lacks = new EnumMap<Capability, String>(Capability.class);
    lacks.put(
        Capability.NODE_CREDENTIALS,
        words.contains("crio")
            ? "CRI-O pulls with what the kubelet hands it: list `kubelet` in `hosts.runtimes`"
            : "podman pulls with the credentials of the user who pulls: list them in"
                + " `hosts.credentials.users`");
    lacks.put(
        Capability.TRUST_STORE, "that is the system's, whatever the runtime: `hosts.trustStore`");
    if (!words.contains("podman")) {
      lacks.put(
          Capability.USER_CREDENTIALS,
          "CRI-O pulls with what the kubelet hands it, and not as a user of the machine");
    }
    Optional<String> elsewhere = words.contains("crio") ? elsewhere() : Optional.empty();
    if (elsewhere.isPresent()) {
      lacks.put(Capability.ALLOW_LIST, elsewhere.get());
      lacks.put(Capability.ALLOW_LIST_PATHS, elsewhere.get());
    }
    return lacks;
  }

  /// Why CRI-O would not read the policy that is written; empty if it would.
  private Optional<String> elsewhere() throws IOException {
    try {
      CrioSettings settings = CrioSettings.read(files);
      return settings.sharesPolicy()
          ? Optional.empty()
          : Optional.of(
              "CRI-O reads its `signature_policy` "
                  + settings.policy()
                  + "; take that setting away, so that it reads "
                  + SignaturePolicy.PATH);
    } catch (HostFileException e) {
      // A policy of ours is not withdrawn because somebody is in the midst of editing theirs.
      if (changes.state().find(SignaturePolicy.PATH).isPresent()) {
        throw e;
      }
      return Optional.of("the settings of CRI-O could not be read: " + e.getMessage());
    }
  }
}
