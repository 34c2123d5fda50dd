package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// An allow-list in CEL: a map with an entry for each of its prefixes, in which the beginnings of
/// an image's name are looked up, by component and as deep as the list goes. So the cost of an
/// image does not grow with the list.
///
/// @param parts canonical prefixes; more than one only of a list that is longer than an expression
///   may be
/// @param depths how many components the prefixes have, the host included
record AllowList(List<TreeMap<String, String>> parts, SortedSet<Integer> depths) {
  /// CEL takes expressions of at most [100,000
  /// characters](https://github.com/google/cel-go/blob/master/parser/parser.go).
  private static final int LONGEST = 80_000;

  /// Of no list, if the rule book has none.
  static AllowList of(RuleBook rules) {
    List<RepositoryPrefix> allowed = rules.allowed();
    var parts = new ArrayList<TreeMap<String, String>>();
    var depths = new TreeSet<Integer>();
    int length = LONGEST;
    for (String prefix : allowed == null ? List.<String>of() : canonical(allowed)) {
      int entry = prefix.length() + "'': '', ".length();
      if (length + entry > LONGEST) {
        parts.add(new TreeMap<>());
        length = 0;
      }
      length += entry;
      parts.getLast().put(prefix, "");
      depths.add((int) prefix.chars().filter(c -> c == '/').count() + 1);
    }
    return new AllowList(parts, depths);
  }

  private static SortedSet<String> canonical(List<RepositoryPrefix> prefixes) {
    return prefixes.stream()
        .map(p -> new RepositoryPrefix(p.address().canonical(), p.path()).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  SequencedMap<String, String> variables() {
    var variables = new LinkedHashMap<String, String>();
    for (int i = 0; i < parts.size(); i++) {
      variables.put("allowed" + (i + 1), Cel.map(parts.get(i)));
    }
    return variables;
  }

  /// Whether it admits an image. Of no list: yes.
  ///
  /// @param name a map with `registry` and `path`
  String admits(String name) {
    if (parts.isEmpty()) {
      return "true";
    }
    return depths.stream()
        .flatMap(depth -> variables().keySet().stream().map(list -> admits(name, depth, list)))
        .collect(Collectors.joining(" || ", "(", ")"));
  }

  private static String admits(String name, int depth, String list) {
    String beginning =
        depth == 1
            ? "%s.registry".formatted(name)
            : "(%1$s.registry + '/' + %1$s.path).find(%2$s)"
                .formatted(name, Cel.text("^([^/]+/){%d}[^/]+".formatted(depth - 1)));
    return beginning + " in variables." + list;
  }
}
