package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/// Text to YAML documents: [YAML 1.2](https://yaml.org/spec/1.2.2/), many in one file.
///
/// Stricter than YAML: no anchors, aliases, tags or duplicate keys, and at most
/// [TreeBuilder#MAX_DEPTH] levels, [TreeBuilder#MAX_DOCUMENTS] documents and
/// [TreeBuilder#MAX_VALUES] values. Events are read rather than nodes, because the parser's own
/// composer recurses: a file of brackets would overflow the stack.
///
/// No message quotes the text: somebody may have written a secret into it.
final class YamlReader {
  private YamlReader() {}

  static Documents read(String file, byte[] bytes) {
    return switch (TextDecoder.decode(file, bytes)) {
      case TextDecoder.Decoded.NotText(Problem problem) -> Documents.unreadable(problem);
      case TextDecoder.Decoded.Text(String text) -> parse(file, text);
    };
  }

  private static Documents parse(String file, String text) {
    var builder = new TreeBuilder(file);
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(Integer.MAX_VALUE).build();
    try {
      for (Event event : new Parse(settings).parseString(text)) {
        if (!builder.accept(event)) {
          return builder.result(List.of());
        }
      }
      return builder.result(List.of());
    } catch (MarkedYamlEngineException e) {
      Place place = e.getProblemMark().map(mark -> place(file, mark)).orElse(Place.of(file));
      int symbol = e.getProblemMark().map(YamlReader::symbolAt).orElse(0);
      return builder.result(List.of(malformed(place, symbol)));
    } catch (ReaderException e) {
      int end =
          text.offsetByCodePoints(
              0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
      return builder.result(
          List.of(
              new Problem(
                  TextDecoder.endOf(file, text.substring(0, end)),
                  "A control character is not allowed in YAML.",
                  "Remove it, or write it as an escape in double quotes.")));
    } catch (YamlVersionException e) {
      return builder.result(List.of(otherVersion(Place.of(file))));
    }
  }

  static Problem otherVersion(Place place) {
    return new Problem(
        place,
        "The file says that it is YAML of another version.",
        "Remove the `%YAML` line: declarations are YAML 1.2.");
  }

  static Place place(String file, Mark mark) {
    return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static int symbolAt(Mark mark) {
    int at = mark.getPointer();
    return at >= 0 && at < mark.getBuffer().length ? mark.getBuffer()[at] : 0;
  }

  private static Problem malformed(Place place, int symbol) {
    return switch (symbol) {
      case '\t' ->
          new Problem(place, "YAML is not indented with tabs.", "Write spaces instead of the tab.");
      case '@', '`', '%' ->
          new Problem(
              place,
              "A value cannot begin with this character.",
              "Write the value in double quotes.");
      default ->
          new Problem(
              place,
              "The YAML cannot be read from here on.",
              "Check indentation, colons, quotes and brackets, here and on the lines before.");
    };
  }
}
