package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The rule books of the table of cases, with their default registries, as `books.txt` beside this
/// class describes them. No credential belongs to any.
public final class RuleBooks {
  private RuleBooks() {}

  /// By name.
  public static SortedMap<String, Regime> all() {
    SortedMap<String, Regime> books = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    for (String line : ImageCases.lines("books.txt")) {
      if (line.startsWith("book ") && !lines.isEmpty()) {
        add(books, lines);
        lines.clear();
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    add(books, lines);
    return books;
  }

  public static Regime named(String book) {
    Regime regime = all().get(book);
    if (regime == null) {
      throw new IllegalArgumentException("no rule book " + book);
    }
    return regime;
  }

  private static void add(SortedMap<String, Regime> books, List<String> lines) {
    String name = lines.getFirst().substring("book ".length());
    List<RepositoryPrefix> allowed =
        words(lines, "allow").flatMap(List::stream).map(RepositoryPrefix::parse).toList();
    SortedMap<RegistryAddress, String> inactive = new TreeMap<>();
    words(lines, "inactive")
        .forEach(words -> inactive.put(new RegistryAddress(words.getFirst()), words.getLast()));
    var rules =
        new RuleBook(
            name,
            allowed.isEmpty() ? "" : "restricted",
            allowed.isEmpty() ? null : allowed,
            inactive);
    var registry = words(lines, "default").map(RuleBooks::defaultRegistry).findFirst().orElse(null);
    books.put(name, new Regime(rules, registry, Set.of()));
  }

  /// What follows a keyword, for each line that begins with it.
  private static Stream<List<String>> words(List<String> lines, String keyword) {
    return lines.stream()
        .map(line -> List.of(line.split(" ")))
        .filter(words -> words.getFirst().equals(keyword))
        .map(words -> words.subList(1, words.size()));
  }

  private static DefaultRegistry defaultRegistry(List<String> words) {
    return new DefaultRegistry(
        RepositoryPrefix.parse(words.getFirst()),
        LibraryPrefix.valueOf(words.getLast().toUpperCase(Locale.ROOT)));
  }
}
