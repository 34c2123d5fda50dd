package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Collects the events of one file into documents.
final class TreeBuilder {
  /// Levels of nesting; the deepest declaration has nine.
  static final int MAX_DEPTH = 50;

  /// Documents in one file.
  static final int MAX_DOCUMENTS = 1_000;

  /// Values in one file: thirty for each document.
  static final int MAX_VALUES = 30_000;

  /// Characters of the keys on the way to a value; the longest that are valid, of a label, have
  /// 360.
  static final int MAX_POINTER = 500;

  /// Problems of one file: of more than these an author sees the cause in one of them.
  static final int MAX_PROBLEMS = 100;

  private final String file;
  private final List<Document> documents = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private Map<String, Place> keys = new HashMap<>();
  private Map<String, Place> values = new HashMap<>();
  private @Nullable JsonNode root;
  private boolean ended;
  private int read;

  TreeBuilder(String file) {
    this.file = file;
  }

  /// A mapping or list that is being filled.
  private static final class Level {
    private final JsonNode node;
    private final String pointer;
    private @Nullable String key;
    private String child = "";
    private boolean duplicate;

    Level(JsonNode node, String pointer) {
      this.node = node;
      this.pointer = pointer;
    }

    boolean awaitsKey() {
      return node.isObject() && key == null;
    }

    /// Where what comes next stands.
    String next() {
      return key == null ? Document.child(pointer, String.valueOf(node.size())) : child;
    }

    void setKey(String name) {
      key = name;
      child = Document.child(pointer, name);
    }

    // A pointer of its own, so that what is below it is not taken for duplicates as well.
    void setDuplicate() {
      duplicate = true;
      child += "\0";
    }

    void add(JsonNode value) {
      switch (node) {
        case ObjectNode object when key != null -> {
          if (!duplicate) {
            object.set(key, value);
          }
          key = null;
          duplicate = false;
        }
        case ArrayNode array -> array.add(value);
        default -> throw new IllegalStateException("a value without a key at " + pointer);
      }
    }
  }

  /// @return false if nothing more should be read
  boolean accept(Event event) {
    if (!take(event)) {
      return false;
    }
    return ended
        || problems.size() < MAX_PROBLEMS
        || refuse(event, "The file has too many problems to be read on.", "Correct these first.");
  }

  private boolean take(Event event) {
    return switch (event.getEventId()) {
      case DocumentStart -> begin((DocumentStartEvent) event);
      case MappingStart, SequenceStart -> open((CollectionStartEvent) event);
      case MappingEnd, SequenceEnd -> close();
      case Scalar -> scalar((ScalarEvent) event);
      case Alias -> alias((AliasEvent) event);
      case DocumentEnd -> finish();
      case StreamEnd -> {
        ended = true;
        yield true;
      }
      case StreamStart, Comment -> true;
    };
  }

  Documents result(List<Problem> further) {
    problems.addAll(further);
    if (ended && documents.isEmpty() && problems.isEmpty()) {
      problems.add(
          new Problem(
              Place.of(file),
              "The file contains no declaration.",
              "Delete it, or leave it out with `.tidewaiterignore`."));
    }
    return new Documents(documents, problems, ended);
  }

  private boolean begin(DocumentStartEvent event) {
    if (event.getSpecVersion().filter(v -> v.getMinor() != 2).isPresent()) {
      problems.add(YamlReader.otherVersion(placeOf(event)));
    }
    if (documents.size() < MAX_DOCUMENTS) {
      return true;
    }
    return refuse(event, "A file has at most " + MAX_DOCUMENTS + " documents.", "Use more files.");
  }

  private boolean finish() {
    JsonNode finished = root;
    if (finished != null && !finished.isNull()) {
      // Not `Map.copyOf`: it probes step by step, so that hostile keys take it quadratic time.
      documents.add(
          new Document(
              file,
              finished,
              Collections.unmodifiableMap(keys),
              Collections.unmodifiableMap(values)));
    }
    root = null;
    keys = new HashMap<>();
    values = new HashMap<>();
    return true;
  }

  private boolean open(CollectionStartEvent event) {
    checkPlain(event, event.getTag());
    if (levels.size() >= MAX_DEPTH) {
      return refuse(
          event, "A document has at most " + MAX_DEPTH + " levels.", "Close a bracket earlier.");
    }
    Level parent = levels.peek();
    if (parent != null && parent.awaitsKey()) {
      return refuse(event, "A key is a word, not a mapping or list.", "Write `key: value`.");
    }
    var factory = JsonNodeFactory.instance;
    JsonNode node = event instanceof MappingStartEvent ? factory.objectNode() : factory.arrayNode();
    String pointer = parent == null ? "" : parent.next();
    if (!place(pointer, event)) {
      return false;
    }
    levels.push(new Level(node, pointer));
    return true;
  }

  private boolean close() {
    put(levels.pop().node);
    return true;
  }

  private boolean scalar(ScalarEvent event) {
    checkPlain(event, event.getTag());
    Level level = levels.peek();
    if (level != null && level.awaitsKey()) {
      return key(level, event);
    }
    if (!place(level == null ? "" : level.next(), event)) {
      return false;
    }
    put(Scalars.node(event));
    return true;
  }

  private boolean place(String pointer, Event event) {
    if (++read > MAX_VALUES) {
      return refuse(event, "A file has at most " + MAX_VALUES + " values.", "Use more files.");
    }
    values.putIfAbsent(pointer, placeOf(event));
    return true;
  }

  private boolean key(Level level, ScalarEvent event) {
    String key = event.getValue();
    level.setKey(key);
    String pointer = level.next();
    if (pointer.length() > MAX_POINTER) {
      return refuse(
          event,
          "A key and those around it have at most " + MAX_POINTER + " characters together.",
          "Check the quotes and the indentation here.");
    }
    Place first = keys.putIfAbsent(pointer, placeOf(event));
    if (first != null) {
      level.setDuplicate();
      problems.add(
          new Problem(
              placeOf(event),
              "`" + key + "` is here a second time.",
              "Keep one of them; the first is on line " + first.line() + "."));
    }
    return true;
  }

  private boolean alias(AliasEvent event) {
    Level level = levels.peek();
    if (level != null && level.awaitsKey()) {
      return refuse(event, "A key is a word, not an alias.", "Write `key: value`.");
    }
    problem(event, "Aliases (`*name`) are not supported.", "Write the value out in each place.");
    if (!place(level == null ? "" : level.next(), event)) {
      return false;
    }
    put(JsonNodeFactory.instance.nullNode());
    return true;
  }

  private void put(JsonNode value) {
    Level level = levels.peek();
    if (level == null) {
      root = value;
    } else {
      level.add(value);
    }
  }

  private void checkPlain(NodeEvent event, Optional<String> tag) {
    if (event.getAnchor().isPresent()) {
      problem(event, "Anchors (`&name`) are not supported.", "Write the value out in each place.");
    }
    if (tag.isPresent()) {
      problem(event, "Tags (`!name`) are not supported.", "To have text, write it in quotes.");
    }
  }

  private boolean refuse(Event event, String message, String hint) {
    problem(event, message, hint);
    return false;
  }

  private void problem(Event event, String message, String hint) {
    problems.add(new Problem(placeOf(event), message, hint));
  }

  private Place placeOf(Event event) {
    return event.getStartMark().map(mark -> YamlReader.place(file, mark)).orElse(Place.of(file));
  }
}
