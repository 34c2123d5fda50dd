package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The schemas are the reference documentation, and held to it.
class SchemasTest {
  private final Schemas schemas = new Schemas();

  /// A property with the schema object that it stands in.
  private record Property(String path, JsonNode schema, JsonNode owner) {
    String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    boolean isRequired() {
      return owner.path("required").valueStream().anyMatch(n -> n.asString().equals(name()));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void describesEveryPropertyWithAnExample(Kind kind) {
    assertThat(properties(kind))
        .hasSizeGreaterThan(8)
        .allSatisfy(
            p -> {
              assertThat(p.schema().path("description").asString("")).as(p.path()).endsWith(".");
              assertThat(p.schema().path("examples").size()).as(p.path()).isPositive();
            });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void saysWhatAnAbsentPropertyMeans(Kind kind) {
    assertThat(properties(kind))
        .filteredOn(p -> !p.isRequired() && p.owner().path("maxProperties").asInt(0) != 1)
        .allSatisfy(
            p ->
                assertThat(
                        p.schema().has("default")
                            || p.schema().path("description").asString("").contains("Absent:"))
                    .as(p.path())
                    .isTrue());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void closesEveryMapping(Kind kind) {
    List<Property> all = properties(kind);
    assertThat(all)
        .filteredOn(p -> p.schema().has("properties"))
        .allSatisfy(
            p ->
                assertThat(p.schema().path("additionalProperties").asBoolean(true))
                    .as(p.path())
                    .isFalse());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void isAVersionedSchemaWithExamplesAndDefaultsThatAreValid(Kind kind) {
    Schemas.Compiled compiled = schemas.of(kind);
    assertThat(compiled.source().path("$id").asString())
        .startsWith("https://tidewaiter.dev/schema/v1/");
    var registry = SchemaRegistry.withDialect(Schemas.dialect());
    for (Property property : properties(kind)) {
      // Alone, but with the definitions that it may refer to.
      ObjectNode alone = (ObjectNode) property.schema().deepCopy();
      alone.set("$defs", compiled.source().path("$defs"));
      var schema = registry.getSchema(alone);
      property
          .schema()
          .path("examples")
          .valueStream()
          .forEach(e -> assertThat(schema.validate(e)).as(property.path()).isEmpty());
      JsonNode fallback = property.schema().path("default");
      if (!fallback.isMissingNode()) {
        assertThat(schema.validate(fallback)).as(property.path()).isEmpty();
      }
    }
  }

  @Test
  void listsWhatIsNotInThisRelease() {
    assertThat(marked(Kind.REGISTRY)).isEmpty();
    assertThat(marked(Kind.REGISTRY_POLICY)).isEmpty();
    assertThat(marked(Kind.ENVIRONMENT)).containsExactly("/spec/hosts/runtimes/*");
    assertThat(marked(Kind.DAEMON)).containsExactly("/spec/repository/trustedSigners");
  }

  private Set<String> marked(Kind kind) {
    return Set.copyOf(
        properties(kind).stream()
            .filter(p -> p.schema().has(Schemas.NOT_IN_THIS_RELEASE))
            .map(Property::path)
            .toList());
  }

  private List<Property> properties(Kind kind) {
    List<Property> found = new ArrayList<>();
    JsonNode source = schemas.of(kind).source();
    collect(source, "", found);
    source.path("$defs").properties().forEach(d -> collect(d.getValue(), "#" + d.getKey(), found));
    return found;
  }

  private static void collect(JsonNode schema, String path, List<Property> found) {
    for (var property : schema.path("properties").properties()) {
      String below = path + "/" + property.getKey();
      found.add(new Property(below, property.getValue(), schema));
      collect(property.getValue(), below, found);
    }
    if (schema.has("items")) {
      found.add(new Property(path + "/*", schema.path("items"), requiring("*")));
      collect(schema.path("items"), path + "/*", found);
    }
  }

  private static JsonNode requiring(String required) {
    return JsonMapper.shared().readTree("{\"required\": [\"" + required + "\"]}");
  }
}
