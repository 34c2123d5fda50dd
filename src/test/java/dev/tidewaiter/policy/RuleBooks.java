package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    List<RepositoryPrefix> allowed = new ArrayList<>();
    SortedMap<RegistryAddress, String> inactive = new TreeMap<>();
    @Nullable DefaultRegistry registry = null;
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = List.of(line.split(" "));
      switch (words.getFirst()) {
        case "allow" ->
            words.stream().skip(1).map(RepositoryPrefix::parse).forEachOrdered(allowed::add);
        case "inactive" -> inactive.put(new RegistryAddress(words.get(1)), words.get(2));
        case "default" ->
            registry =
                new DefaultRegistry(
                    RepositoryPrefix.parse(words.get(1)),
                    LibraryPrefix.valueOf(words.get(2).toUpperCase(Locale.ROOT)));
        default -> throw new IllegalStateException("no line of a rule book: " + line);
      }
    }
    boolean limited = !allowed.isEmpty();
    var rules =
        new RuleBook(name, limited ? "restricted" : "", limited ? allowed : null, inactive);
    books.put(name, new Regime(rules, registry, Set.of()));
  }
}
