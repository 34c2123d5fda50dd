package dev.tidewaiter.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The documents of one snapshot by kind and name: those that could be used and, so that one
/// mistake is not reported as many, the names of those that could not.
final class Index {
  /// Values that all documents have together: thirty for each of ten thousand.
  static final int MAX_VALUES = 300_000;

  private final Map<Kind, Map<String, Document>> documents = new EnumMap<>(Kind.class);
  private final Map<String, Registry> registries = new TreeMap<>();
  private final Map<String, RegistryPolicy> policies = new TreeMap<>();
  private final Map<String, Environment> environments = new TreeMap<>();
  private final List<Regardless.Mention> mentions = new ArrayList<>();
  private final Findings problems = new Findings();
  private final Findings notes = new Findings();
  private boolean complete = true;
  private int values;

  /// Counts what a file has.
  void count(Documents documents) {
    documents.documents().forEach(document -> values += document.values().size());
  }

  /// Whether no further file should be read: a snapshot like that is refused whatever it has.
  boolean isFull() {
    return values > MAX_VALUES || problems.isFull();
  }

  /// Takes a name for a document.
  ///
  /// @param document of which no more is kept than is given
  /// @return the document that has it already, or null
  @Nullable Document claim(Kind kind, String name, Document document) {
    return documents.computeIfAbsent(kind, _ -> new TreeMap<>()).putIfAbsent(name, document);
  }

  /// Names of all documents of a kind, usable or not.
  Set<String> names(Kind kind) {
    return documents.getOrDefault(kind, Map.of()).keySet();
  }

  /// The document of a declaration.
  Document document(Kind kind, String name) {
    Document document = documents.getOrDefault(kind, Map.of()).get(name);
    if (document == null) {
      throw new IllegalStateException("a declaration without a document: " + name);
    }
    return document;
  }

  Map<String, Registry> registries() {
    return registries;
  }

  Map<String, RegistryPolicy> policies() {
    return policies;
  }

  Map<String, Environment> environments() {
    return environments;
  }

  /// Names that documents refer to which could not be used themselves.
  List<Regardless.Mention> mentions() {
    return mentions;
  }

  /// Whether every registry that is declared could be used: one with a problem of its own may be
  /// the one that is meant.
  boolean knowsAllRegistries() {
    return complete && registries.size() == names(Kind.REGISTRY).size();
  }

  Findings problems() {
    return problems;
  }

  Findings notes() {
    return notes;
  }

  /// Records that a file was not read to its end.
  void markIncomplete() {
    complete = false;
  }

  /// Whether every file was read, so that a missing name is really missing.
  boolean isComplete() {
    return complete;
  }
}
