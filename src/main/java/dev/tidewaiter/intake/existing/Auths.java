package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.Visible;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `auths`: entries by registry, in pull Secrets and in `config.json`.
///
/// Where an entry has both, `auth` wins over `username` and `password`, as it does for
/// [docker](https://github.com/docker/cli/blob/master/cli/config/configfile/file.go) and for
/// kubelets.
final class Auths {
  private static final String EMAIL = "[^@\\s]+@[^@\\s]+";

  /// The user of Azure's tokens, which live for three hours.
  ///
  /// Source: [az acr
  /// login](https://learn.microsoft.com/azure/container-registry/container-registry-authentication).
  private static final String AZURE_TOKEN = "00000000-0000-0000-0000-000000000000";

  private Auths() {}

  static List<Found> read(Origin origin, JsonNode auths) {
    var found = new ArrayList<Found>();
    for (var entry : auths.properties()) {
      found.add(
          switch (AuthsKey.parse(entry.getKey())) {
            case AuthsKey.Unusable(String reason) -> new Found.Left(origin, entry.getKey(), reason);
            case AuthsKey.Named(RegistryAddress address) ->
                login(origin, address, entry.getValue());
          });
    }
    return found;
  }

  /// A user name and a password, in whichever form.
  private record Pair(String username, Secret password) {}

  /// An entry, or what has the same fields.
  static Found login(Origin origin, RegistryAddress address, JsonNode entry) {
    String what = address.text();
    for (String token : List.of("identitytoken", "identity_token", "registrytoken")) {
      if (!text(entry, token).isEmpty()) {
        return new Found.Left(
            origin,
            what,
            "It has a token of a login, which a client renews by itself. Declare a user and a password.");
      }
    }
    Pair pair = pair(entry);
    if (pair == null) {
      return new Found.Left(origin, what, "Its `auth` cannot be read.");
    }
    if (pair.username().isEmpty() || pair.password().isEmpty()) {
      return new Found.Left(origin, what, "It has no user name or no password.");
    }
    if (pair.username().equals(AZURE_TOKEN)) {
      return new Found.Left(
          origin,
          what,
          "It is a token of Azure that lives for hours. Declare a service principal.");
    }
    if (pair.username().strip().equals(pair.password().reveal().strip())) {
      return new Found.Left(
          origin,
          what,
          "Its user name is its password too. Declare it by hand, with both as references.");
    }
    if (!pair.username().equals(Visible.of(pair.username()))) {
      return new Found.Left(origin, what, "Its user name has control characters.");
    }
    String email = text(entry, "email");
    return new Found.Login(
        origin,
        address,
        CredentialDraft.of(
            address, pair.username(), pair.password(), email.matches(EMAIL) ? email : null));
  }

  private static @Nullable Pair pair(JsonNode entry) {
    String auth = text(entry, "auth");
    if (auth.isEmpty()) {
      return new Pair(text(entry, "username"), Secret.of(text(entry, "password")));
    }
    try {
      // Docker pads it with zero bytes.
      String both =
          new String(Base64.getMimeDecoder().decode(auth), StandardCharsets.UTF_8)
              .replaceAll("^\0+|\0+$", "");
      int colon = both.indexOf(':');
      return colon < 0
          ? null
          : new Pair(both.substring(0, colon), Secret.of(both.substring(colon + 1)));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static String text(JsonNode entry, String field) {
    JsonNode value = entry.path(field);
    return value.isString() ? value.asString() : "";
  }
}
