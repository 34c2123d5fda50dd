package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Finds texts that are longer than any declaration needs. The validator must not see them: Java
/// matches a repeated group by recursion, so a long enough text overflows the stack.
final class Overlong {
  /// Characters of a text, other than certificates, which no pattern is matched against.
  static final int LIMIT = 1_024;

  private static final Set<String> CERTIFICATES =
      Set.of("/spec/tls/ca", "/spec/tls/clientCertificate/cert");

  private final Document document;
  private final List<Problem> problems = new ArrayList<>();

  private Overlong(Document document) {
    this.document = document;
  }

  static List<Problem> in(Document document) {
    var search = new Overlong(document);
    search.visit(document.root(), "");
    return search.problems;
  }

  private void visit(JsonNode node, String pointer) {
    if (node.isString() && node.asString().length() > LIMIT && !CERTIFICATES.contains(pointer)) {
      problems.add(
          new Problem(
              document.placeOf(pointer),
              "`" + Pointers.path(pointer) + "` has more than " + LIMIT + " characters.",
              "Check the quotes and the indentation here."));
    }
    node.properties().forEach(p -> visit(p.getValue(), Document.child(pointer, p.getKey())));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      visit(node.path(i), pointer + "/" + i);
    }
  }
}
