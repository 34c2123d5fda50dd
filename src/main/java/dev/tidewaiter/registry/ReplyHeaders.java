package dev.tidewaiter.registry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What headers of HTTP say about time.
///
/// Source: [RFC 9110, 5.6.7 and 10.2.3](https://www.rfc-editor.org/rfc/rfc9110).
public final class ReplyHeaders {
  /// What is honoured of a `Retry-After`.
  private static final Duration LONGEST_HONOURED = Duration.ofHours(1);

  private ReplyHeaders() {}

  /// The value of `Date`; empty if it is none.
  public static Optional<Instant> date(String value) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// The value of `Retry-After`, at most an hour; null if it is not in seconds. The form with a
  /// date is not used by the clouds.
  public static @Nullable Duration retryAfter(String value) {
    try {
      Duration asked = Duration.ofSeconds(Long.parseLong(value.strip()));
      if (asked.isNegative()) {
        return null;
      }
      return asked.compareTo(LONGEST_HONOURED) > 0 ? LONGEST_HONOURED : asked;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
