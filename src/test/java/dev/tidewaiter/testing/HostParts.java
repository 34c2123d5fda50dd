package dev.tidewaiter.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlMapper;

/// A directory that looks like a host, taken apart: each file and directory with its mode, and of
/// JSON each entry of each array or object, by path.
///
/// So it can be compared although entries stand in the order of their arrival.
public final class HostParts {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TomlMapper TOML = new TomlMapper();

  private HostParts() {}

  /// @throws tools.jackson.core.JacksonException if a file does not parse
  public static Map<String, String> of(Path root) throws IOException {
    var parts = new TreeMap<String, String>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        add(parts, root.relativize(path).toString(), path);
      }
    }
    return parts;
  }

  private static void add(Map<String, String> parts, String name, Path path) throws IOException {
    boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    String text = file ? Files.readString(path) : "";
    String mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).toString();
    if (name.endsWith(".json")) {
      parts.put(name, mode);
      JSON.readTree(text).forEachEntry((key, value) -> add(parts, name + "/" + key, value));
    } else {
      parts.put(name, mode + text);
      if (name.endsWith(".toml") || name.endsWith(".conf")) {
        JsonNode _ = TOML.readTree(text);
      }
    }
  }

  private static void add(Map<String, String> parts, String name, JsonNode node) {
    boolean leaf = node.isValueNode() || node.valueStream().anyMatch(JsonNode::isValueNode);
    if (node.isArray() && leaf) {
      node.forEach(value -> parts.put(name + "/" + value, "present"));
    } else if (node.isArray() || leaf) {
      parts.put(name, node.toString());
    } else {
      node.forEachEntry((key, value) -> add(parts, name + "/" + key, value));
    }
  }
}
