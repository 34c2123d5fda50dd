package dev.tidewaiter.cli;

import dev.tidewaiter.config.YamlText;
import java.io.PrintWriter;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes a result in its machine forms.
final class Output {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Output() {}

  static void json(PrintWriter out, Object document) {
    out.println(MAPPER.writeValueAsString(document));
  }

  /// The same document as [#json].
  static void yaml(PrintWriter out, Object document) {
    out.print(YamlText.of(MAPPER.convertValue(document, new TypeReference<Object>() {})));
    out.flush();
  }
}
