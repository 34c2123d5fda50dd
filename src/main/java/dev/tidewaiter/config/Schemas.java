package dev.tidewaiter.config;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The schemas, each compiled when it is first needed: starting up must stay cheap.
///
/// Two keywords are our own. `x-hint` says what to write instead. `x-not-in-this-release` is `true`
/// where nothing but the default is implemented, or lists the values that are not.
///
/// Safe for use by many threads.
final class Schemas {
  static final String HINT = "x-hint";
  static final String NOT_IN_THIS_RELEASE = "x-not-in-this-release";

  private final Map<Kind, Compiled> compiled = new EnumMap<>(Kind.class);

  /// A schema as it is written and as it validates.
  record Compiled(JsonNode source, Schema validator) {
    /// The part of the schema at a path.
    JsonNode at(NodePath path) {
      JsonNode node = source;
      for (int i = 0; i < path.getNameCount(); i++) {
        node =
            path.getElement(i) instanceof Integer index
                ? node.path(index)
                : node.path(path.getName(i));
      }
      return node;
    }

    /// The schema that a `$ref` stands for, or the schema itself.
    JsonNode resolve(JsonNode schema) {
      String reference = schema.path("$ref").asString("");
      return reference.isEmpty() ? schema : source.at(reference.substring(1));
    }
  }

  synchronized Compiled of(Kind kind) {
    return compiled.computeIfAbsent(kind, Schemas::compile);
  }

  /// JSON Schema 2020-12 with our keywords, which validate nothing.
  static Dialect dialect() {
    return Dialect.builder(Dialects.getDraft202012())
        .keyword(new NonValidationKeyword(HINT))
        .keyword(new NonValidationKeyword(NOT_IN_THIS_RELEASE))
        .build();
  }

  private static Compiled compile(Kind kind) {
    try (InputStream in = Schemas.class.getResourceAsStream(kind.resource())) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + kind.resource());
      }
      JsonNode source = JsonMapper.shared().readTree(in);
      return new Compiled(source, SchemaRegistry.withDialect(dialect()).getSchema(source));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
