package dev.tidewaiter.plan;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What somebody writes into Git to let happen what is held: `<id>/<number>`.
///
/// It is bound to what the id is a digest of, and covers as many and at most a tenth more, rounded
/// down: `…/12` covers 13. The tenth lets a rollout that creates a namespace in the meantime go on.
///
/// @param number how many were held when it was written
public record Approval(String id, int number) {
  private static final Pattern FORM = Pattern.compile("(?<id>[^/]+)/(?<number>[0-9]{1,9})");

  /// @param written null or empty for nothing; empty also if it has another form
  public static Optional<Approval> read(@Nullable String written) {
    if (written == null) {
      return Optional.empty();
    }
    var matcher = FORM.matcher(written);
    return matcher.matches()
        ? Optional.of(new Approval(matcher.group("id"), Integer.parseInt(matcher.group("number"))))
        : Optional.empty();
  }

  /// Whether it lets this many happen.
  public boolean covers(String held, int count) {
    return id.equals(held) && count * 10L <= number * 11L;
  }

  @Override
  public String toString() {
    return id + "/" + number;
  }
}
