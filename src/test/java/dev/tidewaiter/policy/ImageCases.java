package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The table that holds Java and the CEL in API servers to the same answers: files of cases beside
/// this class, each expected from the rules and never from what a program said.
///
/// A line is `VERDICT IMAGE [as REWRITTEN] [by RULE]`, below the `[name]` of its rule book, which
/// [RuleBooks] reads. The rule is the entry that admits, or the inactive address. In an image stand
///
/// - `{sha256}`, `{sha384}`, `{sha512}` for a digest, `{hex}` for 64 hexadecimal digits,
/// - `{TEXT*N}` for N times a text,
/// - `\s`, `\t`, `\n`, `\r`, `\\` for a character, also by its four digits as in Java, and `\e`
///   alone for the empty image.
///
/// What follows white space and `#` is a comment.
public final class ImageCases {
  private static final List<String> FILES =
      List.of("distribution.txt", "bypass.txt", "lists.txt", "inactive.txt", "default.txt");
  private static final Pattern LINE =
      Pattern.compile(
          "(?<verdict>\\w+) +(?<image>\\S+)( +as +(?<pulled>\\S+))?( +by +(?<rule>\\S+))?");
  private static final Pattern REPEATED = Pattern.compile("\\{([^*{}]+)\\*(\\d+)}");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(u[0-9a-f]{4}|.)");
  private static final String HEX =
      "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a";
  private static final Map<String, String> NAMED =
      Map.of(
          "{hex}", HEX,
          "{sha256}", "sha256:" + HEX,
          "{sha384}", "sha384:" + HEX + HEX.substring(32),
          "{sha512}", "sha512:" + HEX + HEX);

  private ImageCases() {}

  public static List<ImageCase> all() {
    SortedMap<String, Regime> books = RuleBooks.all();
    return FILES.stream().flatMap(file -> read(file, books).stream()).toList();
  }

  private static List<ImageCase> read(String file, SortedMap<String, Regime> books) {
    List<ImageCase> cases = new ArrayList<>();
    String book = "";
    int number = 0;
    for (String text : lines(file)) {
      number++;
      if (text.startsWith("[")) {
        book = text.substring(1, text.length() - 1);
      } else if (!text.isEmpty()) {
        cases.add(read(file + ":" + number, book, books.get(book), text));
      }
    }
    return cases;
  }

  private static ImageCase read(String place, String book, @Nullable Regime regime, String text) {
    var line = LINE.matcher(text);
    if (!line.matches() || regime == null) {
      throw new IllegalStateException(place + ": no case of a known rule book: " + text);
    }
    String image = unescape(line.group("image"));
    String pulled = line.group("pulled");
    return new ImageCase(
        place,
        book,
        regime,
        image,
        pulled == null ? image : unescape(pulled),
        verdict(place, regime.rules(), line.group("verdict"), line.group("rule")));
  }

  private static Verdict verdict(String place, RuleBook rules, String name, @Nullable String rule) {
    List<RepositoryPrefix> allowed = rules.allowed();
    if (name.equals("Allowed") && (allowed == null) == (rule == null)) {
      return new Verdict.Allowed(rule == null ? null : RepositoryPrefix.parse(rule));
    }
    if (name.equals("Inactive") && rule != null) {
      var address = new RegistryAddress(rule);
      return new Verdict.Inactive(
          address, rules.inactive().getOrDefault(address, "not in the book"));
    }
    if (rule == null && name.equals("NotListed")) {
      return new Verdict.NotListed();
    }
    if (rule == null && name.equals("Malformed")) {
      return new Verdict.Malformed();
    }
    throw new IllegalStateException(place + ": no verdict with such a rule: " + name);
  }

  private static String unescape(String text) {
    String whole = text.equals("\\e") ? "" : text;
    for (Map.Entry<String, String> entry : NAMED.entrySet()) {
      whole = whole.replace(entry.getKey(), entry.getValue());
    }
    whole =
        REPEATED
            .matcher(whole)
            .replaceAll(match -> match.group(1).repeat(Integer.parseInt(match.group(2))));
    return ESCAPED
        .matcher(whole)
        .replaceAll(match -> Matcher.quoteReplacement(character(match.group(1))));
  }

  private static String character(String escape) {
    return switch (escape.charAt(0)) {
      case 's' -> " ";
      case 't' -> "\t";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case '\\' -> "\\";
      case 'u' -> Character.toString((char) Integer.parseInt(escape.substring(1), 16));
      default -> throw new IllegalStateException("no escape: " + escape);
    };
  }

  /// The lines of a file beside this class, without comments and without white space at their ends.
  static List<String> lines(String file) {
    try (InputStream stream = ImageCases.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("no file " + file);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("(^|\\s+)#.*", "").strip())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
