package dev.tidewaiter.cli;

import dev.tidewaiter.config.YamlText;
import java.io.PrintWriter;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The forms in which results are written.
final class Output {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Output() {}

  /// By two spaces, as far as a line has anything on it.
  static String indented(String lines) {
    return lines.replaceAll("(?m)^(?=.)", "  ");
  }

  /// `1 file`, `2 files`
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /// Without control characters, in one line.
  static String visible(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", " ");
  }

  /// A revision as people write it; what is none, as it is.
  static String brief(String revision) {
    return revision.matches("[0-9a-f]{40,64}") ? revision.substring(0, 12) : revision;
  }

  /// A text that cannot leave its cell in a table of Markdown.
  static String cell(String text) {
    return text.replace("|", "\\|").replace("`", "'").replace("\n", " ");
  }

  static void print(Printable result, OutputFormat format, PrintWriter out) {
    switch (format) {
      case TEXT -> result.printText(out);
      case JSON -> json(out, result.document());
      case YAML -> yaml(out, result.document());
      case MARKDOWN -> result.printMarkdown(out);
    }
    out.flush();
  }

  static void json(PrintWriter out, Object document) {
    out.println(MAPPER.writeValueAsString(document));
  }

  /// The same document as [#json].
  static void yaml(PrintWriter out, Object document) {
    out.print(YamlText.of(MAPPER.convertValue(document, new TypeReference<Object>() {})));
    out.flush();
  }
}
