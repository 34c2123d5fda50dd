package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostFiles;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// What CRI-O's own settings say of images: `crio.conf` and then its drop-ins, of which the last
/// one that sets a key wins.
///
/// Source: [crio.conf(5)](https://github.com/cri-o/cri-o/blob/main/docs/crio.conf.5.md).
///
/// @param policy where it reads the signature policy; null for the place that podman has too
/// @param policies the directory of policies for single namespaces
/// @param pauseImage null if it is not set, so that CRI-O has one of its own
record CrioSettings(@Nullable String policy, String policies, @Nullable String pauseImage) {
  static final HostPath DIRECTORY = new HostPath("etc/crio");

  private static final HostPath DROP_INS = DIRECTORY.child("crio.conf.d");
  private static final TomlMapper TOML = new TomlMapper();

  /// @throws HostFileException if one of them is malformed or cannot be reached without a link: a
  ///   CRI-O that runs has read something else
  static CrioSettings read(HostFiles files) throws IOException {
    var paths = new ArrayList<>(List.of(DIRECTORY.child("crio.conf")));
    if (files.exists(DROP_INS)) {
      files.names(DROP_INS).forEach(name -> paths.add(DROP_INS.child(name)));
    }
    var images = new ArrayList<JsonNode>();
    for (HostPath path : paths) {
      images.add(images(path, files.read(path)));
    }
    return new CrioSettings(
        last(images, "signature_policy").orElse(null),
        last(images, "signature_policy_dir").orElse("/etc/crio/policies"),
        last(images, "pause_image").orElse(null));
  }

  private static JsonNode images(HostPath path, Optional<HostFile> file) throws HostFileException {
    try {
      return file.isEmpty()
          ? MissingNode.getInstance()
          : TOML.readTree(file.get().content().bytes()).path("crio").path("image");
    } catch (JacksonException _) {
      throw HostFileException.unsafe(path + ": it is no TOML; repair it.");
    }
  }

  private static Optional<String> last(List<JsonNode> images, String key) {
    return images.reversed().stream()
        .map(image -> image.path(key).asString(""))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /// Whether the policy of this machine is also that of CRI-O.
  boolean sharesPolicy() {
    return policy == null || policy.equals(SignaturePolicy.PATH.toString());
  }

  /// Policies of single namespaces, which apply there instead of the one of the machine.
  Set<String> namespaces(HostFiles files) throws IOException {
    var directory = HostPath.ofAbsolute(policies);
    var found = new TreeSet<String>();
    if (files.exists(directory)) {
      for (String name : files.names(directory)) {
        if (name.endsWith(".json")) {
          found.add(directory.child(name).toString());
        }
      }
    }
    return found;
  }
}
