package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The text of containerd's settings, in which `config_path` is set and taken back by lines, so
/// that all else stays as somebody wrote it.
///
/// Lines are found by their look; each result is parsed and compared with what it came from, and is
/// refused unless it differs by that key alone. So a text that looks otherwise than most (inline
/// tables, dotted keys) is never damaged.
///
/// It is the main file that is changed and never an import: up to 1.7, an imported file that sets
/// anything of the CRI plugin replaces all that the main file says of it.
record SettingsText(HostPath path, String text, ObjectNode tree) {
  private static final String KEY = "config_path";
  private static final String REGISTRY = "registry";
  private static final Pattern LINE = Pattern.compile("[^\n]*\n|[^\n]+$");
  private static final Pattern HEADER = Pattern.compile("^(\\s*)\\[([^\\[\\]]+)]\\s*(?:#.*)?$");
  private static final Pattern NAME =
      Pattern.compile("\\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+))\\s*(?:\\.|$)");
  private static final Pattern ENTRY =
      Pattern.compile(
          "^(\\s*(?:config_path|\"config_path\"|'config_path')\\s*=\\s*)(\"[^\"\\\\]*\"|'[^']*')");

  static SettingsText parse(HostPath path, String text) throws HostFileException {
    return new SettingsText(path, text, EffectiveSettings.tree(path.toString(), text));
  }

  /// A file for a containerd that has none.
  static SettingsText create(HostPath path, ContainerdVersion version) throws HostFileException {
    return parse(path, "version = " + (version.major() < 2 ? 2 : 3) + "\n");
  }

  /// @return empty if it is not set here
  String configPath() {
    return registry().path(KEY).asString("");
  }

  private tools.jackson.databind.JsonNode registry() {
    return tree.path("plugins").path(plugin()).path(REGISTRY);
  }

  // Source: https://github.com/containerd/containerd/blob/main/docs/cri/config.md
  private String plugin() {
    return tree.path("version").asInt(1) >= 3
        ? EffectiveSettings.NEW_PLUGIN
        : EffectiveSettings.OLD_PLUGIN;
  }

  /// @throws HostFileException if that cannot be done without touching anything else
  SettingsText with(String value) throws HostFileException {
    if (tree.path("version").asInt(1) < 2) {
      throw HostFileException.unsafe(
          path
              + ": it is of version 1. Convert it with `containerd config migrate`, which says"
              + " version 2 or 3 in it.");
    }
    List<String> lines = lines();
    int header = header(lines);
    int entry = entry(lines, header);
    if (entry >= 0) {
      lines.set(entry, ENTRY.matcher(lines.get(entry)).replaceFirst("$1" + quoted(value)));
    } else if (header >= 0) {
      lines.add(header + 1, indent(lines.get(header)) + "  " + KEY + " = " + quoted(value) + end());
    } else {
      endLastLine(lines);
      lines.add(end());
      lines.add("[plugins.\"" + plugin() + "\"." + REGISTRY + "]" + end());
      lines.add("  " + KEY + " = " + quoted(value) + end());
    }
    SettingsText next = parse(path, String.join("", lines));
    ObjectNode expected = tree.deepCopy();
    if (!put(expected, value) || !next.tree.equals(expected)) {
      throw HostFileException.unsafe(
          path
              + ": "
              + KEY
              + " cannot be set without touching anything else. Write "
              + advice(value)
              + " yourself.");
    }
    return next;
  }

  private boolean put(ObjectNode root, String value) {
    ObjectNode node = root;
    for (String name : List.of("plugins", plugin(), REGISTRY)) {
      if (!node.has(name)) {
        node.putObject(name);
      }
      if (!(node.get(name) instanceof ObjectNode child)) {
        return false;
      }
      node = child;
    }
    node.put(KEY, value);
    return true;
  }

  /// What to write by hand.
  private String advice(String value) {
    return "`"
        + KEY
        + " = \""
        + value
        + "\"` below `[plugins.\""
        + plugin()
        + "\"."
        + REGISTRY
        + "]`";
  }

  /// Takes it back from a text that somebody changed after us.
  ///
  /// @param value ours: any other stays
  SettingsText without(String value) throws HostFileException {
    List<String> lines = lines();
    int entry = entry(lines, header(lines));
    if (entry < 0 || !configPath().equals(value)) {
      return this;
    }
    lines.set(entry, ENTRY.matcher(lines.get(entry)).replaceFirst("$1\"\""));
    SettingsText next = parse(path, String.join("", lines));
    ObjectNode expected = tree.deepCopy();
    if (!put(expected, "") || !next.tree.equals(expected)) {
      throw HostFileException.unsafe(
          path + ": " + KEY + " cannot be taken back; remove it yourself.");
    }
    return next;
  }

  private List<String> lines() {
    var lines = new ArrayList<String>();
    Matcher matcher = LINE.matcher(text);
    while (matcher.find()) {
      lines.add(matcher.group());
    }
    return lines;
  }

  private int header(List<String> lines) {
    var wanted = List.of("plugins", plugin(), REGISTRY);
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = HEADER.matcher(lines.get(i).strip());
      if (matcher.matches() && names(matcher.group(2)).equals(wanted)) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> names(String key) {
    var names = new ArrayList<String>();
    Matcher matcher = NAME.matcher(key.strip());
    int end = 0;
    while (matcher.find() && matcher.start() == end && matcher.end() > end) {
      end = matcher.end();
      String quoted = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      names.add(quoted == null ? matcher.group(3) : quoted);
    }
    return names;
  }

  private static int entry(List<String> lines, int header) {
    for (int i = header + 1; header >= 0 && i < lines.size(); i++) {
      if (lines.get(i).stripLeading().startsWith("[")) {
        return -1;
      }
      if (ENTRY.matcher(lines.get(i)).find()) {
        return i;
      }
    }
    return -1;
  }

  private void endLastLine(List<String> lines) {
    if (!lines.isEmpty() && !lines.getLast().endsWith("\n")) {
      lines.set(lines.size() - 1, lines.getLast() + end());
    }
  }

  private String end() {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  private static String indent(String line) {
    return line.substring(0, line.length() - line.stripLeading().length());
  }

  private static String quoted(String value) {
    return "\"" + value + "\"";
  }
}
