package dev.tidewaiter.target.host;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The format of an entry of `auths`: `{"username", "password", "email"?, "auth"}`, where `auth` is
/// the base64 of `username:password`.
final class AuthEntry {
  private AuthEntry() {}

  static ObjectNode render(Credential credential) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put("username", credential.username().reveal());
    entry.put("password", credential.password().reveal());
    if (credential.email() != null) {
      entry.put("email", credential.email());
    }
    String pair = credential.username().reveal() + ":" + credential.password().reveal();
    return entry.put(
        "auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  /// What is sealed for an entry: that of its credential if it is exactly what we would write, else
  /// something that no credential has, so that it shows as drift.
  static Secret sealable(JsonNode entry) {
    var credential =
        new Credential(
            Secret.of(entry.path("username").asString("")),
            Secret.of(entry.path("password").asString("")),
            email(entry),
            null);
    return render(credential).equals(entry)
        ? credential.sealable()
        : Secret.of("not ours: " + entry);
  }

  private static @Nullable String email(JsonNode entry) {
    return entry.has("email") ? entry.path("email").asString("") : null;
  }
}
