package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads YAML that is not ours, such as manifests of Kubernetes: with anchors and duplicate keys,
/// but bounded in size.
public final class ForeignYaml {
  private static final int MAX_CODE_POINTS = 16 << 20;

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
    try {
      for (Object root : new Load(settings).loadAllFromString(text)) {
        if (root != null) {
          roots.add(JsonMapper.shared().valueToTree(root));
        }
      }
      return new Content.Documents(roots);
    } catch (MarkedYamlEngineException e) {
      return new Content.Malformed(place(file, e.getProblemMark()));
    } catch (YamlEngineException | JacksonException _) {
      return new Content.Malformed(Place.of(file));
    }
  }

  private static Place place(String file, Optional<Mark> mark) {
    return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1))
        .orElseGet(() -> Place.of(file));
  }
}
