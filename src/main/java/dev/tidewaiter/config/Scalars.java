package dev.tidewaiter.config;

import java.math.BigInteger;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A scalar of YAML to a value of JSON, by the [core
/// schema](https://yaml.org/spec/1.2.2/#103-core-schema): `yes`, `on` and `1_000` are text.
final class Scalars {
  private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

  private Scalars() {}

  static JsonNode node(ScalarEvent event) {
    var factory = JsonNodeFactory.instance;
    String text = event.getValue();
    if (!event.isPlain() || event.getTag().isPresent()) {
      return factory.stringNode(text);
    }
    Tag tag = RESOLVER.resolve(text, true);
    if (tag.equals(Tag.NULL)) {
      return factory.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return factory.booleanNode(Boolean.parseBoolean(text));
    }
    if (tag.equals(Tag.INT)) {
      return factory.numberNode(integer(text));
    }
    if (tag.equals(Tag.FLOAT) && !text.contains(".inf") && !text.contains(".nan")) {
      return factory.numberNode(Double.parseDouble(text));
    }
    return factory.stringNode(text);
  }

  private static BigInteger integer(String text) {
    if (text.startsWith("0o")) {
      return new BigInteger(text.substring(2), 8);
    }
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16);
    }
    return new BigInteger(text);
  }
}
