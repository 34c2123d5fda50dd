package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.Visible;
import java.util.regex.Pattern;

/// Text of others, such as a key or a URL, as a message may quote it: in visible characters, and
/// without what may be a password.
///
/// That is everything up to the last `@`, since a password that nobody encoded may itself have an
/// `@` or a slash, and everything from a `?`, `#` or `&` on.
final class Quotation {
  private static final Pattern PRIVATE = Pattern.compile("(?s)^.*@|[?#&].*$");

  private Quotation() {}

  static String of(String text) {
    return Visible.of(PRIVATE.matcher(text).replaceAll(""));
  }
}
