package dev.tidewaiter.cli;

import dev.tidewaiter.config.YamlText;
import dev.tidewaiter.model.Visible;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
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

  /// A revision as people write it; what is none, as it is.
  static String brief(String revision) {
    return revision.matches("[0-9a-f]{40,64}") ? revision.substring(0, 12) : revision;
  }

  /// A text that cannot leave its cell in a table of Markdown.
  static String cell(String text) {
    return Visible.of(text).replace("|", "\\|").replace("`", "'");
  }

  /// A text as code within a line of Markdown, which it cannot leave.
  static String code(String text) {
    return "`" + Visible.of(text).replace("`", "'") + "`";
  }

  static void print(Printable result, OutputFormat format, PrintWriter out) {
    switch (format) {
      case TEXT -> lines(out, result::printText);
      case JSON -> json(out, result.document());
      case YAML -> yaml(out, result.document());
      case MARKDOWN -> lines(out, result::printMarkdown);
    }
    out.flush();
  }

  /// What is printed, but [Visible], whoever chose it.
  static void lines(PrintWriter out, Consumer<PrintWriter> printing) {
    var text = new StringWriter();
    var writer = new PrintWriter(text);
    printing.accept(writer);
    writer.flush();
    out.print(Visible.lines(text.toString()));
    out.flush();
  }

  /// The escapes of [Visible] are those of JSON, so that it says the same with them.
  static void json(PrintWriter out, Object document) {
    out.println(Visible.lines(MAPPER.writeValueAsString(document)));
  }

  /// The same document as [#json].
  static void yaml(PrintWriter out, Object document) {
    out.print(YamlText.of(MAPPER.convertValue(document, new TypeReference<Object>() {})));
    out.flush();
  }
}
