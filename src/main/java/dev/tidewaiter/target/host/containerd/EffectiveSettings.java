package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// containerd's settings with all defaults and imports, as `containerd config dump` prints them.
///
/// Up to 1.7 the CRI plugin is one, `io.containerd.grpc.v1.cri`; since 2.0 images are looked after
/// by `io.containerd.cri.v1.images`, also where the file is of the older form.
record EffectiveSettings(JsonNode tree) {
  static final String OLD_PLUGIN = "io.containerd.grpc.v1.cri";
  static final String NEW_PLUGIN = "io.containerd.cri.v1.images";

  private static final Set<String> CRI = Set.of("cri", OLD_PLUGIN, NEW_PLUGIN);
  private static final Pattern LOGGED = Pattern.compile("(?m)^time=\".*\\R?");
  private static final Pattern COLON = Pattern.compile(":");
  private static final TomlMapper TOML = new TomlMapper();

  /// @param output both streams: warnings precede the settings, one in a line
  static EffectiveSettings parse(String output) throws HostFileException {
    return new EffectiveSettings(
        tree("`containerd config dump`", LOGGED.matcher(output).replaceAll("")));
  }

  /// @param place for the message
  static ObjectNode tree(String place, String text) throws HostFileException {
    try {
      if (TOML.readTree(text) instanceof ObjectNode tree) {
        return tree;
      }
    } catch (JacksonException _) {
      // The message would quote the file.
    }
    throw HostFileException.unsafe(place + ": it is no TOML.");
  }

  private JsonNode plugin() {
    JsonNode plugins = tree.path("plugins");
    return plugins.has(NEW_PLUGIN) ? plugins.path(NEW_PLUGIN) : plugins.path(OLD_PLUGIN);
  }

  /// Whether the plugin that pulls for Kubernetes is off, as in Docker's own package.
  boolean isCriDisabled() {
    for (JsonNode plugin : tree.path("disabled_plugins")) {
      if (CRI.contains(plugin.asString(""))) {
        return true;
      }
    }
    return false;
  }

  /// Whether the old form of mirrors is in use, with which `config_path` may not be set.
  boolean hasMirrors() {
    JsonNode registry = plugin().path("registry");
    boolean tls = false;
    for (JsonNode server : registry.path("configs")) {
      tls |= !server.path("tls").isEmpty();
    }
    return tls || !registry.path("mirrors").isEmpty();
  }

  /// What is configured, without the default that 2.2 puts in its place only when it starts.
  String configPath() {
    return plugin().path("registry").path("config_path").asString("");
  }

  /// The directories where it looks for registries, the first of which is ours; empty for none.
  ///
  /// Source of the default: `plugins/cri/images/plugin.go` of containerd 2.2.
  List<HostPath> directories(ContainerdVersion version) {
    String path = configPath();
    if (path.isEmpty() && !hasMirrors() && version.isAtLeast(2, 2, 0)) {
      path = "/etc/containerd/certs.d:/etc/docker/certs.d";
    }
    return split(path);
  }

  /// @param path as in `config_path`; what is not absolute is left out
  static List<HostPath> split(String path) {
    var directories = new ArrayList<HostPath>();
    for (String directory : COLON.split(path, -1)) {
      if (directory.startsWith("/")) {
        directories.add(HostPath.ofAbsolute(directory));
      }
    }
    return directories;
  }

  /// The image of every pod's first container.
  Optional<String> sandboxImage() {
    JsonNode plugin = plugin();
    String image =
        plugin
            .path("pinned_images")
            .path("sandbox")
            .asString(plugin.path("sandbox_image").asString(""));
    return image.isEmpty() ? Optional.empty() : Optional.of(image);
  }

  /// Further files: those that were read (1.6), or patterns of such (2.x), perhaps relative.
  List<String> imports() {
    var imports = new ArrayList<String>();
    tree.path("imports").forEach(file -> imports.add(file.asString("")));
    return imports;
  }

  /// The same but for what differs with the name of the file and with `config_path`.
  JsonNode rest() {
    JsonNode rest = tree.deepCopy();
    if (rest instanceof ObjectNode root) {
      root.remove("imports");
      if (root.path("plugins").path(NEW_PLUGIN).path("registry") instanceof ObjectNode registry) {
        registry.remove("config_path");
      }
      if (root.path("plugins").path(OLD_PLUGIN).path("registry") instanceof ObjectNode registry) {
        registry.remove("config_path");
      }
    }
    return rest;
  }
}
