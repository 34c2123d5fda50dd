package dev.tidewaiter.desired;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A clause on one line: its word, then what it names. Names of namespaces and projects, and keys
/// and values of labels, contain neither a space nor a comma nor an equals sign.
final class ClauseText {
  private ClauseText() {}

  static String of(Clause clause) {
    return switch (clause) {
      case Clause.Names(var names) -> "names " + String.join(" ", names);
      case Clause.Labels(var labels) ->
          "labels "
              + new TreeMap<>(labels)
                  .entrySet().stream()
                      .map(label -> label.getKey() + "=" + label.getValue())
                      .collect(Collectors.joining(","));
      case Clause.Projects(var ids) -> "projects " + String.join(" ", ids);
      case Clause.All _ -> "all";
      case Clause.Proof(String environment) -> "proof " + environment;
    };
  }

  /// @throws IllegalArgumentException if the text is no clause
  static Clause read(String text) {
    if (text.equals("all")) {
      return new Clause.All();
    }
    int space = text.indexOf(' ');
    String named = text.substring(space + 1);
    if (space < 0 || named.isBlank()) {
      throw new IllegalArgumentException("not a clause: " + text);
    }
    return switch (text.substring(0, space)) {
      case "names" -> new Clause.Names(List.of(named.split(" ", -1)));
      case "labels" -> labels(named);
      case "projects" -> new Clause.Projects(List.of(named.split(" ", -1)));
      case "proof" -> new Clause.Proof(named);
      default -> throw new IllegalArgumentException("not a clause: " + text);
    };
  }

  private static Clause labels(String text) {
    var labels = new TreeMap<String, String>();
    for (String label : text.split(",", -1)) {
      int equals = label.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("not a label: " + label);
      }
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return new Clause.Labels(labels);
  }
}
