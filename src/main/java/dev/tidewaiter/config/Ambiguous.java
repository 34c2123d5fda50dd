package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Finds texts that may reach somebody as another text, so that what was compared here is not what
/// is used there:
///
/// - half of a surrogate pair, which no encoding has and which is sent as a question mark;
/// - a path of Vault that is not in Unicode's normal form C. It looks like the path that is, and
///   whatever normalises on the way makes it that one.
///
/// Source: [UAX 15](https://www.unicode.org/reports/tr15/).
final class Ambiguous {
  private final Document document;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final List<Problem> problems = new ArrayList<>();

  private Ambiguous(Document document) {
    this.document = document;
  }

  static List<Problem> in(Document document) {
    var search = new Ambiguous(document);
    search.visit(document.root(), "");
    return search.problems;
  }

  private void visit(JsonNode node, String pointer) {
    if (node.isString()) {
      check(node.asString(), pointer);
    }
    node.properties().forEach(p -> visit(p.getValue(), Document.child(pointer, p.getKey())));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      visit(node.path(i), pointer + "/" + i);
    }
  }

  private void check(String text, String pointer) {
    if (!encoder.canEncode(text)) {
      add(pointer, "holds half of a character", "Write the character itself, not an escape.");
    } else if (isPathOfVault(pointer) && !Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
      add(
          pointer,
          "has a letter that is composed of several characters",
          "Write it as one character (Unicode NFC), also in Vault.");
    }
  }

  private static boolean isPathOfVault(String pointer) {
    return pointer.endsWith("/vault/path") || pointer.startsWith("/spec/vault/allowedPaths/");
  }

  private void add(String pointer, String what, String hint) {
    String message = "`" + Pointers.path(pointer) + "` " + what + ".";
    problems.add(new Problem(document.placeOf(pointer), message, hint));
  }
}
