package dev.tidewaiter.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A recognisable secret value, and the search for it and its encodings in whatever a program put
/// out.
///
/// The value has characters that JSON, URLs and base64 write differently, so that each encoding is
/// really looked for.
public final class Canary {
  private final String value;
  private final Map<String, String> forms = new LinkedHashMap<>();

  /// @param name makes the value unique among the canaries of one test
  public Canary(String name) {
    value = "canary-" + name + "-\"must/never\\be+seen\":7c1f";
    String stem = "canary-" + name + "-";
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    forms.put("plain", value);
    forms.put("the part that no encoding changes", stem);
    forms.put("JSON", value.replace("\\", "\\\\").replace("\"", "\\\""));
    forms.put("URL", URLEncoder.encode(value, StandardCharsets.UTF_8));
    forms.put("hexadecimal", HexFormat.of().formatHex(bytes));
    for (int offset = 0; offset < 3; offset++) {
      forms.put("base64 at offset " + offset, base64Core(offset, bytes));
      // What base64 contains may be JSON, with the value in JSON's form.
      forms.put(
          "base64 of that part at offset " + offset,
          base64Core(offset, stem.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /// The secret value to put into a store.
  public String value() {
    return value;
  }

  /// Fails if the text contains the value in any form, without printing it.
  public void assertAbsentFrom(String text, String where) {
    String lower = text.toLowerCase(Locale.ROOT);
    forms.forEach(
        (form, needle) -> {
          boolean seen = form.startsWith("hex") ? lower.contains(needle) : text.contains(needle);
          assertThat(seen).as("the canary as %s in %s", form, where).isFalse();
        });
  }

  /// Whether the text contains the value in any form: proof that the search can find something.
  public boolean isIn(String text) {
    return forms.values().stream().anyMatch(text::contains);
  }

  // Base64 of the value depends on what stands before it; without the characters that its
  // neighbours share, three forms cover all.
  private static String base64Core(int offset, byte[] bytes) {
    var padded = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, padded, offset, bytes.length);
    String encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
    return encoded.substring(offset == 0 ? 0 : offset + 1, encoded.length() - 2);
  }
}
