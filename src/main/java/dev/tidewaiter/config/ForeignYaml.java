package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads YAML that is not ours, such as manifests of Kubernetes: with anchors and duplicate keys,
/// but bounded in size, also of what aliases make of it.
public final class ForeignYaml {
  private static final int MAX_CODE_POINTS = 16 << 20;
  private static final int MAX_NODES = 1_000_000;
  private static final int MAX_DEPTH = 100;

  private int nodes;

  private ForeignYaml() {}

  /// What is in a file.
  public sealed interface Content {
    /// @param roots of the documents, without empty ones
    record Documents(List<JsonNode> roots) implements Content {}

    /// Nothing of it is known.
    ///
    /// @param place where reading ended
    record Malformed(Place place) implements Content {}
  }

  /// @param file for places
  public static Content read(String file, String text) {
    var settings =
        LoadSettings.builder()
            .setAllowDuplicateKeys(true)
            .setCodePointLimit(MAX_CODE_POINTS)
            .build();
    var roots = new ArrayList<JsonNode>();
    var reader = new ForeignYaml();
    try {
      for (Object root : new Load(settings).loadAllFromString(text)) {
        if (root != null) {
          roots.add(reader.node(root, 0));
        }
      }
      return new Content.Documents(roots);
    } catch (MarkedYamlEngineException e) {
      return new Content.Malformed(place(file, e.getProblemMark()));
    } catch (YamlEngineException _) {
      return new Content.Malformed(Place.of(file));
    }
  }

  // A node that contains itself ends at the depth, one that aliases multiply at the number.
  private JsonNode node(@Nullable Object value, int depth) {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new YamlEngineException("too large");
    }
    return switch (value) {
      case Map<?, ?> map -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        map.forEach((key, entry) -> object.set(String.valueOf(key), node(entry, depth + 1)));
        yield object;
      }
      case Collection<?> list -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        list.forEach(entry -> array.add(node(entry, depth + 1)));
        yield array;
      }
      case null -> JsonNodeFactory.instance.nullNode();
      default -> JsonMapper.shared().valueToTree(value);
    };
  }

  private static Place place(String file, Optional<Mark> mark) {
    return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1))
        .orElseGet(() -> Place.of(file));
  }
}
