package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.model.FileContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// A drop-in of `registries.conf.d` that is wholly ours.
///
/// | field | value | stands for |
/// |---|---|---|
/// | `registry/PREFIX` | `LOCATION[ insecure]` | where images of that prefix are |
/// | `mirror/PREFIX/N` | `LOCATION[ insecure]` | what is asked before, in the order of N from 1 |
/// | `unqualified` | host | where images without a host are looked for |
///
/// Source:
/// [containers-registries.conf(5)](https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md).
record DropInDocument(List<Registry> registries, @Nullable String unqualified) {
  private static final String REGISTRY = "registry/";
  private static final String MIRROR = "mirror/";
  private static final String UNQUALIFIED = "unqualified";
  private static final String INSECURE = " insecure";
  private static final String HEADER = "# managed-by: tidewaiter; what is changed here is undone\n";
  private static final Pattern LOCATION = Pattern.compile("[a-z0-9][a-z0-9.:_-]*(/[a-z0-9._-]+)*");
  private static final TomlMapper TOML = new TomlMapper();

  DropInDocument {
    registries = List.copyOf(registries);
  }

  /// @param location `host[:port][/path]`
  record Location(String location, boolean insecure) {
    static Location parse(String text) {
      boolean insecure = text.endsWith(INSECURE);
      String location = insecure ? text.substring(0, text.length() - INSECURE.length()) : text;
      return new Location(known(location), insecure);
    }

    @Override
    public String toString() {
      return location + (insecure ? INSECURE : "");
    }
  }

  record Registry(String prefix, Location location, List<Location> mirrors) {
    Registry {
      mirrors = List.copyOf(mirrors);
    }
  }

  private static String known(String text) {
    if (!LOCATION.matcher(text).matches()) {
      throw new IllegalArgumentException("no host with an optional path: " + text);
    }
    return text;
  }

  /// What fields stand for.
  ///
  /// @throws IllegalArgumentException if they stand for nothing
  static DropInDocument ofFields(SortedMap<String, String> fields) {
    var registries = new ArrayList<Registry>();
    int read = 0;
    for (var field : fields.entrySet()) {
      if (field.getKey().startsWith(REGISTRY)) {
        String prefix = known(field.getKey().substring(REGISTRY.length()));
        var mirrors = new ArrayList<Location>();
        for (int n = 1; fields.containsKey(MIRROR + prefix + "/" + n); n++) {
          mirrors.add(Location.parse(String.valueOf(fields.get(MIRROR + prefix + "/" + n))));
        }
        registries.add(new Registry(prefix, Location.parse(field.getValue()), mirrors));
        read += 1 + mirrors.size();
      }
    }
    String unqualified = fields.get(UNQUALIFIED);
    read += unqualified == null ? 0 : 1;
    if (read != fields.size()) {
      throw new IllegalArgumentException("a mirror without its registry, or an unknown field");
    }
    return new DropInDocument(registries, unqualified == null ? null : known(unqualified));
  }

  SortedMap<String, String> fields() {
    var fields = new TreeMap<String, String>();
    for (Registry registry : registries) {
      fields.put(REGISTRY + registry.prefix(), registry.location().toString());
      for (int n = 1; n <= registry.mirrors().size(); n++) {
        fields.put(MIRROR + registry.prefix() + "/" + n, registry.mirrors().get(n - 1).toString());
      }
    }
    if (unqualified != null) {
      fields.put(UNQUALIFIED, unqualified);
    }
    return fields;
  }

  FileContent content() {
    var text = new StringBuilder(HEADER);
    if (unqualified != null) {
      text.append("unqualified-search-registries = [\"").append(unqualified).append("\"]\n");
    }
    for (Registry registry : registries) {
      text.append("\n[[registry]]\nprefix = \"").append(registry.prefix()).append("\"\n");
      append(text, registry.location());
      for (Location mirror : registry.mirrors()) {
        text.append("\n[[registry.mirror]]\n");
        append(text, mirror);
      }
    }
    return FileContent.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void append(StringBuilder text, Location location) {
    text.append("location = \"").append(location.location()).append("\"\n");
    if (location.insecure()) {
      text.append("insecure = true\n");
    }
  }

  /// What stands in a file, whoever wrote it: as much as this document can say.
  ///
  /// @return empty if it is not valid, or none of this form
  static Optional<DropInDocument> read(FileContent content) {
    try {
      JsonNode root = TOML.readTree(content.bytes());
      var registries = new ArrayList<Registry>();
      for (JsonNode node : root.path("registry")) {
        Location location = location(node);
        var mirrors = new ArrayList<Location>();
        node.path("mirror").forEach(mirror -> mirrors.add(location(mirror)));
        String prefix = node.path("prefix").asString(location.location());
        registries.add(new Registry(prefix, location, mirrors));
      }
      JsonNode search = root.path("unqualified-search-registries");
      String unqualified = search.isEmpty() ? null : search.path(0).asString("");
      return Optional.of(new DropInDocument(registries, unqualified));
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }

  private static Location location(JsonNode node) {
    return new Location(node.path("location").asString(""), node.path("insecure").asBoolean(false));
  }

  /// The prefixes that it sets, as it is written.
  List<String> prefixes() {
    return Collections.unmodifiableList(registries.stream().map(Registry::prefix).toList());
  }
}
