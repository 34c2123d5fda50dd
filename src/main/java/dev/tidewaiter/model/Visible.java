package dev.tidewaiter.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text that others chose (names of images, words of servers and webhooks, names of files) as
/// terminals, logs and Markdown may have it.
///
/// What is not seen could steer: `ESC` a terminal, a bidirectional override the reading order, a
/// line break the next line, and with it the fence of a block of code. Line breaks and tabs become
/// spaces; every other character of Unicode's category C (control, format, surrogate, private use,
/// unassigned) becomes `\u001b`, as JSON writes it. What went through once comes through unchanged.
///
/// Source: [Trojan Source](https://trojansource.codes/), [general
/// category](https://www.unicode.org/reports/tr44/#General_Category_Values).
public final class Visible {
  private static final Pattern BREAK = Pattern.compile("\\R|\\t");
  private static final Pattern UNSEEN = Pattern.compile("\\p{C}");
  private static final Pattern UNSEEN_BUT_LINE_FEED =
      Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}&&[^\\n]]");

  private Visible() {}

  /// In one line.
  public static String of(String text) {
    return escaped(BREAK.matcher(text).replaceAll(" "), UNSEEN);
  }

  /// In the lines that line feeds make; for a text that we laid out ourselves.
  public static String lines(String text) {
    return escaped(text, UNSEEN_BUT_LINE_FEED);
  }

  private static String escaped(String text, Pattern unseen) {
    return unseen
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(escape(found.group())));
  }

  private static String escape(String unseen) {
    var escape = new StringBuilder();
    unseen.chars().forEach(unit -> escape.append("\\u%04x".formatted(unit)));
    return escape.toString();
  }
}
