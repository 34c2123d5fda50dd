package dev.tidewaiter.plan;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// A scenario's input: `desired.yaml` and `observed.yaml`, and `restraint.yaml` where it is not the
/// usual one.
///
/// A field is `{plain: TEXT}`, `{sealed: WORD}` or `{withheld: REASON}`; desired ones may be
/// `minted`, observed ones are `ours` unless they say otherwise.
public record Scenario(
    List<Resource> desired,
    List<ObservedResource> observed,
    Restraint restraint,
    Set<String> leftAlone) {
  static Scenario read(Path directory) throws IOException {
    Path restraint = directory.resolve("restraint.yaml");
    Map<?, ?> limits = Files.exists(restraint) ? (Map<?, ?>) load(restraint) : Map.of();
    return new Scenario(
        resources(directory.resolve("desired.yaml")).stream().map(Scenario::desired).toList(),
        observedIn(directory.resolve("observed.yaml")),
        restraint(limits),
        Set.of(text(limits, "leftAlone", "none").split(",", -1)));
  }

  Plan plan() {
    return Planner.plan(desired, observed, restraint, leftAlone);
  }

  /// The resources of an `observed.yaml`.
  public static List<ObservedResource> observedIn(Path file) throws IOException {
    return resources(file).stream().map(Scenario::observed).toList();
  }

  /// A YAML file as maps, lists and scalars.
  public static Object load(Path file) throws IOException {
    return new Load(LoadSettings.builder().setLabel(file.toString()).build())
        .loadFromString(Files.readString(file));
  }

  private static List<Map<?, ?>> resources(Path file) throws IOException {
    return ((List<?>) load(file)).stream().<Map<?, ?>>map(item -> (Map<?, ?>) item).toList();
  }

  private static Restraint restraint(Map<?, ?> limits) {
    return new Restraint(
        Restraint.Freeze.valueOf(text(limits, "freeze", "NOTHING")),
        Integer.parseInt(text(limits, "maxDeletions", "20")),
        Integer.parseInt(text(limits, "maxPercent", "25")),
        text(limits, "approve", ""),
        "5f2c00aa11bb",
        Boolean.parseBoolean(text(limits, "rewritten", "false")));
  }

  private static String text(Map<?, ?> map, String key, String otherwise) {
    Object value = map.get(key);
    return value == null ? otherwise : value.toString();
  }

  private static ResourceId id(Map<?, ?> resource) {
    String[] parts = text(resource, "id", "").split(" ", 3);
    return new ResourceId(ResourceKind.valueOf(parts[0]), parts[1], parts[2]);
  }

  private static Map<?, ?> fields(Map<?, ?> resource) {
    return resource.get("fields") instanceof Map<?, ?> fields ? fields : Map.of();
  }

  private static Resource desired(Map<?, ?> resource) {
    var fields = new TreeMap<String, DesiredField>();
    fields(resource)
        .forEach((name, field) -> fields.put(name.toString(), desiredField((Map<?, ?>) field)));
    return new Resource(id(resource), fields);
  }

  private static DesiredField desiredField(Map<?, ?> field) {
    if (field.containsKey("withheld")) {
      return new DesiredField.Withheld(text(field, "withheld", ""));
    }
    return new DesiredField.Known(
        value(field), field.containsKey("minted") ? Origin.MINTED : Origin.DECLARED);
  }

  private static FieldValue value(Map<?, ?> field) {
    return field.containsKey("plain")
        ? new FieldValue.Plain(text(field, "plain", ""))
        : new FieldValue.Sealed(new Seal(text(field, "sealed", "")));
  }

  private static ObservedResource observed(Map<?, ?> resource) {
    var fields = new TreeMap<String, ObservedField>();
    fields(resource)
        .forEach(
            (name, field) -> {
              var map = (Map<?, ?>) field;
              boolean ours = Boolean.parseBoolean(text(map, "ours", "true"));
              fields.put(name.toString(), new ObservedField(value(map), ours));
            });
    return new ObservedResource(id(resource), holding(resource), fields);
  }

  private static Holding holding(Map<?, ?> resource) {
    if (resource.containsKey("elsewhere")) {
      return new Holding.Elsewhere(text(resource, "elsewhere", ""));
    }
    if (resource.containsKey("foreign")) {
      return new Holding.Foreign(
          text(resource, "foreign", ""),
          Holding.Adoption.valueOf(text(resource, "adoption", "FORBIDDEN")));
    }
    return resource.containsKey("shared") ? new Holding.Shared() : new Holding.Ours();
  }
}
