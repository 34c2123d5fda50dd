package dev.tidewaiter.desired;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A short digest of what is declared, for approvals to be bound to: the same in every process, and
/// unmoved by the order of lists.
final class DeclaredDigest {
  private static final int BYTES = 6;

  private final StringBuilder text = new StringBuilder();

  // The length goes before each value, so that no two different declarations give the same text.
  void add(String name, @Nullable Object value) {
    String canonical =
        switch (value) {
          case null -> "-";
          case Map<?, ?> map -> "+" + new TreeMap<Object, Object>(map);
          case Collection<?> values -> sorted(values);
          default -> "+" + value;
        };
    text.append(name).append(':').append(canonical.length()).append(':').append(canonical);
  }

  private static String sorted(Collection<?> values) {
    return values.stream()
        .map(Object::toString)
        .sorted()
        .map(value -> "+" + value.length() + ":" + value)
        .collect(Collectors.joining());
  }

  String text() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
