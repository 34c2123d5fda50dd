package dev.tidewaiter.target.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Where an array or object and its items lie in a text that is known to be valid JSON.
///
/// @param open index of the opening bracket
/// @param close index of the closing one
record JsonContainer(int open, int close, List<Item> items) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /// A member of an object, or an element of an array.
  ///
  /// @param name a member's name, or an element's text
  /// @param start where a member's name begins, or an element
  /// @param end behind the value
  record Item(String name, int start, int valueStart, int end) {
    String replaceValue(String text, String value) {
      return text.substring(0, valueStart) + value + text.substring(end);
    }
  }

  static JsonContainer scan(String text, int offset) {
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), text.substring(offset))) {
      JsonToken _ = parser.nextToken();
      int open = offset + tokenStart(parser);
      var items = new ArrayList<Item>();
      while (!parser.nextToken().isStructEnd()) {
        items.add(item(parser, offset));
      }
      return new JsonContainer(open, offset + tokenStart(parser), items);
    }
  }

  private static Item item(JsonParser parser, int offset) {
    int start = offset + tokenStart(parser);
    boolean member = parser.currentToken() == JsonToken.PROPERTY_NAME;
    String name = parser.getString();
    if (member) {
      parser.nextToken();
    }
    int valueStart = offset + tokenStart(parser);
    // A text is read to its end only when it is asked for.
    String _ = parser.getString();
    parser.skipChildren();
    return new Item(
        name, start, valueStart, offset + (int) parser.currentLocation().getCharOffset());
  }

  private static int tokenStart(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  Optional<Item> find(String name) {
    return items.stream().filter(item -> item.name().equals(name)).findFirst();
  }

  /// With one more item at the end, set apart like those before it.
  String append(String text, String item) {
    if (items.isEmpty()) {
      String indent = indentOfLine(text);
      String inside = "\n" + indent + "  " + item + "\n" + indent;
      return text.substring(0, open + 1) + inside + text.substring(close);
    }
    Item last = items.getLast();
    String separator =
        items.size() > 1
            ? text.substring(items.get(items.size() - 2).end(), last.start())
            : "," + leadOr(text, " ");
    return text.substring(0, last.end()) + separator + item + text.substring(last.end());
  }

  /// Without the item of that name, which exists.
  String remove(String text, String name) {
    int index = items.indexOf(find(name).orElseThrow());
    Item item = items.get(index);
    int from = index == 0 ? item.start() : items.get(index - 1).end();
    int to = item.end();
    if (items.size() == 1) {
      from = open + 1;
      to = close;
    } else if (index == 0) {
      to = items.get(1).start();
    }
    return text.substring(0, from) + text.substring(to);
  }

  private String leadOr(String text, String other) {
    String lead = text.substring(open + 1, items.getFirst().start());
    return lead.isEmpty() ? other : lead;
  }

  private String indentOfLine(String text) {
    int start = text.lastIndexOf('\n', open) + 1;
    int end = start;
    while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
      end++;
    }
    return text.substring(start, end);
  }
}
