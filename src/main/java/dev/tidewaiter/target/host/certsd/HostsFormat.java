package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.model.FileContent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// What any `hosts.toml`, be it ours or not, must be for every runtime to read it. One that is not
/// read is passed over, and the registry itself asked: it fails open.
///
/// Source: `parseHostsFile` in containerd `core/remotes/docker/config/hosts.go`; that 1.6 and 1.7
/// want at least one table `host` was tested.
final class HostsFormat {
  private static final TomlMapper TOML = new TomlMapper();
  private static final Set<String> CAPABILITIES = Set.of("pull", "resolve", "push", "referrers");

  private HostsFormat() {}

  /// @return empty if it is no TOML
  static Optional<JsonNode> tree(FileContent content) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content.bytes())).toString();
      return Optional.of(TOML.readTree(text));
    } catch (JacksonException | CharacterCodingException _) {
      return Optional.empty();
    }
  }

  /// Whether every runtime reads it.
  static boolean isSound(FileContent content) {
    return tree(content).filter(HostsFormat::isSound).isPresent();
  }

  private static boolean isSound(JsonNode root) {
    JsonNode hosts = root.path("host");
    return hosts.isObject()
        && !hosts.isEmpty()
        && root.path("server").isString()
        && tables(root).allMatch(HostsFormat::isSoundTable);
  }

  /// Whether it lets nothing be pulled, whatever else it says.
  static boolean deniesAll(FileContent content) {
    return tree(content)
        .filter(
            root ->
                isSound(root)
                    && tables(root)
                        .map(table -> texts(table.path("capabilities")))
                        .allMatch(List.of("push")::equals))
        .isPresent();
  }

  /// The files that it names, as it names them.
  static List<String> references(FileContent content) {
    return tree(content).stream()
        .flatMap(HostsFormat::tables)
        .flatMap(
            table ->
                Stream.of(table.path("ca"), table.path("client"))
                    .flatMap(node -> texts(node).stream()))
        .distinct()
        .toList();
  }

  // The root has the options of `server`.
  private static Stream<JsonNode> tables(JsonNode root) {
    return Stream.concat(
        Stream.of(root), root.path("host").properties().stream().map(Map.Entry::getValue));
  }

  private static boolean isSoundTable(JsonNode table) {
    JsonNode capabilities = table.path("capabilities");
    return table.isObject()
        && (capabilities.isMissingNode() || capabilities.isArray())
        && CAPABILITIES.containsAll(texts(capabilities))
        && isFlag(table.path("skip_verify"))
        && isFlag(table.path("override_path"))
        && isTexts(table.path("ca"))
        && isTexts(table.path("client"))
        && (table.path("header").isMissingNode() || table.path("header").isObject());
  }

  private static boolean isFlag(JsonNode node) {
    return node.isMissingNode() || node.isBoolean();
  }

  private static boolean isTexts(JsonNode node) {
    return node.isMissingNode()
        || node.isString()
        || (node.isArray() && node.valueStream().allMatch(HostsFormat::isTexts));
  }

  // One, a list, or a list of lists; what is no text counts as one that nothing is.
  private static List<String> texts(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    if (!node.isArray()) {
      return List.of(node.isString() ? node.asString("") : "\0");
    }
    var texts = new ArrayList<String>();
    node.valueStream().forEach(element -> texts.addAll(texts(element)));
    return texts;
  }
}
