package dev.tidewaiter.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What `explain` knows of an image, for people.
final class ExplainText {
  private ExplainText() {}

  static void print(ExplainDocument document, PrintWriter out) {
    document.conditions().forEach(out::println);
    out.println(document.image());
    document.environments().forEach(place -> print(place, document, out));
    if (document.environments().isEmpty()) {
      out.println("  no environment: pulled as anybody");
    }
  }

  private static void print(
      ExplainDocument.Place place, ExplainDocument document, PrintWriter out) {
    out.println("  in " + place.environment() + ": " + served(place, document));
    if (place.becomes() != null) {
      out.println("    pulled through the default registry: " + place.becomes());
    }
    if (place.ruling() != null) {
      out.println("    " + ruled(place.ruling()));
    }
    ExplainDocument.Serving serving = place.registry();
    if (serving != null) {
      out.println("    declared: " + serving.declared());
      out.println("    credential: " + serving.credential());
      serving
          .references()
          .forEach((field, reference) -> out.println("      " + field + ": " + reference));
    }
    for (RuntimePull pull : runtimes(place)) {
      out.println("    " + pull.title());
      pull.lines().forEach(line -> out.println("      " + line));
    }
    place.missing().forEach(what -> out.println("    note: " + what));
    if (place.verified() != null) {
      out.println("    verified: " + verified(place.verified()));
    }
    place.others().stream()
        .filter(other -> !isElsewhere(other))
        .forEach(
            other ->
                out.println(
                    "    not %s (%s): %s"
                        .formatted(other.name(), other.declared(), other.detail())));
    String elsewhere = elsewhere(place.others());
    if (!elsewhere.isEmpty()) {
      out.println("    of other addresses: " + elsewhere);
    }
  }

  static void printMarkdown(ExplainDocument document, PrintWriter out) {
    out.println("**" + Output.code(document.image()) + "**");
    out.println();
    document.conditions().forEach(condition -> out.println("- " + condition));
    for (ExplainDocument.Place place : document.environments()) {
      out.println("- `" + place.environment() + "`: " + served(place, document));
      if (place.becomes() != null) {
        out.println("  - pulled through the default registry: `" + place.becomes() + "`");
      }
      if (place.ruling() != null) {
        out.println("  - " + ruled(place.ruling()));
      }
      ExplainDocument.Serving serving = place.registry();
      if (serving != null) {
        out.println("  - declared at " + Output.code(serving.declared()));
        String references =
            serving.references().entrySet().stream()
                .map(entry -> ", " + entry.getKey() + " from " + Output.code(entry.getValue()))
                .collect(Collectors.joining());
        out.println("  - credential `" + serving.credential() + "`" + references);
      }
      for (RuntimePull pull : runtimes(place)) {
        out.println("  - " + pull.title());
        pull.lines().forEach(line -> out.println("    - " + line));
      }
      place.missing().forEach(what -> out.println("  - note: " + what));
      if (place.verified() != null) {
        out.println("  - verified: " + verified(place.verified()));
      }
      place.others().stream()
          .filter(other -> !isElsewhere(other))
          .forEach(
              other ->
                  out.println(
                      "  - not `%s` (%s): %s"
                          .formatted(other.name(), Output.code(other.declared()), other.detail())));
    }
    if (document.environments().isEmpty()) {
      out.println("- no environment: pulled as anybody");
    }
  }

  private static List<RuntimePull> runtimes(ExplainDocument.Place place) {
    List<RuntimePull> runtimes = place.runtimes();
    return runtimes == null ? List.of() : runtimes;
  }

  private static String ruled(ExplainDocument.Ruling ruling) {
    boolean denied = ruling.verdict().equals("Denied");
    String word =
        denied && !ruling.enforcement().equals("Deny")
            ? "not denied, because enforcement is " + ruling.enforcement()
            : ruling.verdict().toLowerCase(Locale.ROOT);
    String declared = ruling.declared() == null ? "" : " (" + ruling.declared() + ")";
    return word + declared + ": " + ruling.detail();
  }

  private static String served(ExplainDocument.Place place, ExplainDocument document) {
    String address = address(place, document);
    if (place.registry() == null) {
      boolean onHost = place.runtimes() != null;
      return "no registry serves " + address + (onHost ? "" : ": pulled as anybody");
    }
    return "Registry " + place.registry().name() + " serves " + address;
  }

  // Of what is really pulled.
  private static String address(ExplainDocument.Place place, ExplainDocument document) {
    String becomes = place.becomes();
    String written = document.address();
    if (becomes != null) {
      return becomes.substring(0, becomes.indexOf('/'));
    }
    return written == null ? "its host" : written;
  }

  private static String verified(ExplainDocument.Verified verified) {
    String digest = verified.digest() == null ? "" : " " + verified.digest();
    return verified.result() + digest + (verified.detail() == null ? "" : ": " + verified.detail());
  }

  private static boolean isElsewhere(ExplainDocument.Other other) {
    return other.reason().equals("OtherAddress");
  }

  private static String elsewhere(List<ExplainDocument.Other> others) {
    return others.stream()
        .filter(ExplainText::isElsewhere)
        .map(other -> other.name() + " (" + other.declared() + ", " + other.detail() + ")")
        .collect(Collectors.joining(", "));
  }
}
