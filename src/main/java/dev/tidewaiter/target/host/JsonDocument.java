package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Somebody else's JSON object, in which single entries are set and removed while every other
/// character stays as it is: unknown keys, their order, the indentation.
///
/// An entry is an element of an array of texts, or a member of an object, that is itself a member
/// of the root: `insecure-registries/quay.io`, `auths/quay.io`; or a value at the end of a longer
/// path of keys. Read strictly (RFC 8259): a second key of the same name, text after the end, a
/// comment and invalid UTF-8 are refused.
public final class JsonDocument {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final HostPath path;
  private final String text;
  private final ObjectNode tree;

  private JsonDocument(HostPath path, String text, ObjectNode tree) {
    this.path = path;
    this.text = text;
    this.tree = tree;
  }

  /// What there is, or an empty object if there is nothing or only white space.
  public static JsonDocument parse(HostPath path, Optional<FileContent> content)
      throws HostFileException {
    String text = content.isEmpty() ? "" : decode(path, content.get());
    return ofText(path, text.isBlank() ? "{}\n" : text);
  }

  private static JsonDocument ofText(HostPath path, String text) throws HostFileException {
    try {
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return new JsonDocument(path, text, object);
      }
    } catch (JacksonException e) {
      throw HostFileException.unsafe(
          path
              + ":"
              + e.getLocation().getLineNr()
              + ": it is not valid JSON. Correct it; until then nothing is written.");
    }
    throw HostFileException.unsafe(path + ": it is JSON, but no object.");
  }

  private static String decode(HostPath path, FileContent content) throws HostFileException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(content.bytes()))
          .toString();
    } catch (CharacterCodingException _) {
      throw HostFileException.unsafe(path + ": it is not valid UTF-8.");
    }
  }

  /// The whole object; not to be changed.
  public ObjectNode tree() {
    return tree;
  }

  public boolean has(String key) {
    return tree.has(key);
  }

  public FileContent content() {
    return FileContent.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// With an element of that text in the array `key`, which is created if needed.
  ///
  /// @throws HostFileException if there is something else under `key`
  public JsonDocument withElement(String key, String element) throws HostFileException {
    String value = JSON.writeValueAsString(element);
    if (!has(key)) {
      return withRootMember(key, "[" + value + "]");
    }
    JsonContainer array = container(key, '[');
    return array.find(element).isPresent() ? this : next(array.append(text, value));
  }

  /// With a member of the object `key`, which is created if needed; an existing member keeps its
  /// place.
  ///
  /// @throws HostFileException if there is something else under `key`
  public JsonDocument withMember(String key, String name, JsonNode value) throws HostFileException {
    String rendered = JSON.writeValueAsString(value);
    String member = JSON.writeValueAsString(name) + ": " + rendered;
    if (!has(key)) {
      return withRootMember(key, "{" + member + "}");
    }
    JsonContainer object = container(key, '{');
    Optional<JsonContainer.Item> item = object.find(name);
    return next(
        item.isPresent() ? item.get().replaceValue(text, rendered) : object.append(text, member));
  }

  /// With a value at the end of a path of keys; objects on the way are created if needed, and an
  /// existing member keeps its place.
  ///
  /// @throws HostFileException if there is something else than an object on the way
  public JsonDocument with(List<String> keys, JsonNode value) throws HostFileException {
    JsonContainer object = root();
    for (int i = 0; i < keys.size() - 1; i++) {
      Optional<JsonContainer.Item> item = object.find(keys.get(i));
      if (item.isEmpty()) {
        return next(object.append(text, member(keys.subList(i, keys.size()), value)));
      }
      object = container(item.get(), '{');
    }
    String last = keys.getLast();
    Optional<JsonContainer.Item> item = object.find(last);
    return next(
        item.isPresent()
            ? item.get().replaceValue(text, JSON.writeValueAsString(value))
            : object.append(text, member(List.of(last), value)));
  }

  private static String member(List<String> keys, JsonNode value) {
    String inner =
        keys.size() == 1
            ? JSON.writeValueAsString(value)
            : "{" + member(keys.subList(1, keys.size()), value) + "}";
    return JSON.writeValueAsString(keys.getFirst()) + ": " + inner;
  }

  /// Without the member at the end of a path of keys; an emptied object stays.
  public JsonDocument without(List<String> keys) throws HostFileException {
    JsonContainer object = root();
    for (String key : keys.subList(0, keys.size() - 1)) {
      Optional<JsonContainer.Item> item = object.find(key);
      if (item.isEmpty()) {
        return this;
      }
      object = container(item.get(), '{');
    }
    String last = keys.getLast();
    return object.find(last).isPresent() ? next(object.remove(text, last)) : this;
  }

  /// Without that element or member of `key`; the emptied array or object stays.
  public JsonDocument without(String key, String name) throws HostFileException {
    JsonNode value = tree.get(key);
    if (value == null) {
      return this;
    }
    JsonContainer container = container(key, value.isArray() ? '[' : '{');
    return container.find(name).isPresent() ? next(container.remove(text, name)) : this;
  }

  /// With an empty array under `key`.
  public JsonDocument withEmptyArray(String key) throws HostFileException {
    return has(key) ? this : withRootMember(key, "[]");
  }

  /// Without `key`.
  public JsonDocument without(String key) throws HostFileException {
    return has(key) ? next(root().remove(text, key)) : this;
  }

  private JsonDocument withRootMember(String key, String value) throws HostFileException {
    return next(root().append(text, JSON.writeValueAsString(key) + ": " + value));
  }

  private JsonContainer root() {
    return JsonContainer.scan(text, 0);
  }

  private JsonContainer container(String key, char bracket) throws HostFileException {
    return container(root().find(key).orElseThrow(), bracket);
  }

  private JsonContainer container(JsonContainer.Item item, char bracket) throws HostFileException {
    if (text.charAt(item.valueStart()) != bracket) {
      throw HostFileException.unsafe(
          path + ": `" + item.name() + "` is no " + (bracket == '[' ? "array" : "object") + ".");
    }
    return JsonContainer.scan(text, item.valueStart());
  }

  // Parsed again, so that no edit of ours can leave a file that its readers refuse.
  private JsonDocument next(String edited) throws HostFileException {
    return ofText(path, edited);
  }
}
