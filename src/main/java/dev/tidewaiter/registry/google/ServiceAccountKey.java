package dev.tidewaiter.registry.google;

import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.tidewaiter.model.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The key of a service account, in the JSON that Google hands out.
///
/// Source: [service account keys](https://cloud.google.com/iam/docs/keys-create-delete#creating).
/// Of what it says only the account, the key and the token server are used.
///
/// The token server is checked: the library signs every assertion for Google's own, wherever it is
/// sent, so another one could present it there and have the account's token for itself.
final class ServiceAccountKey {
  /// Today's, and those that keys of earlier years name.
  private static final Set<URI> TOKEN_SERVERS =
      Set.of(
          URI.create("https://oauth2.googleapis.com/token"),
          URI.create("https://www.googleapis.com/oauth2/v4/token"),
          URI.create("https://accounts.google.com/o/oauth2/token"));

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Predicate<URI> furtherTokenServers;

  /// @param furtherTokenServers those that may be asked beside Google's
  ServiceAccountKey(Predicate<URI> furtherTokenServers) {
    this.furtherTokenServers = furtherTokenServers;
  }

  sealed interface Reading {
    /// @param builder without scopes and transport
    record Valid(ServiceAccountCredentials.Builder builder) implements Reading {}

    /// @param what is wrong, for people and without any of the text
    record Mistake(String what) implements Reading {}
  }

  Reading read(Secret key) {
    JsonNode json;
    try {
      json = JSON.readTree(key.reveal());
    } catch (JacksonException e) {
      return new Reading.Mistake("the key is not JSON");
    }
    if (!json.path("type").asString("").equals("service_account")) {
      return new Reading.Mistake("the key is not that of a service account");
    }
    for (String field : List.of("client_email", "private_key", "private_key_id")) {
      if (json.path(field).asString("").isBlank()) {
        return new Reading.Mistake("the key has no `" + field + "`");
      }
    }
    if (!json.path("universe_domain").asString("googleapis.com").equals("googleapis.com")) {
      return new Reading.Mistake("the key is of another universe than googleapis.com");
    }
    return withTokenServer(json);
  }

  private Reading withTokenServer(JsonNode json) {
    URI server;
    try {
      server = URI.create(json.path("token_uri").asString("https://oauth2.googleapis.com/token"));
    } catch (IllegalArgumentException e) {
      return new Reading.Mistake("the `token_uri` of the key is no address");
    }
    if (!TOKEN_SERVERS.contains(server) && !furtherTokenServers.test(server)) {
      return new Reading.Mistake(
          "the `token_uri` of the key is not Google's, and would be shown a signature of it");
    }
    try {
      return new Reading.Valid(
          ServiceAccountCredentials.newBuilder()
              .setClientEmail(json.path("client_email").asString())
              .setPrivateKeyId(json.path("private_key_id").asString())
              .setPrivateKeyString(json.path("private_key").asString())
              .setTokenServerUri(server));
    } catch (IOException | IllegalArgumentException e) {
      return new Reading.Mistake("the `private_key` of the key is not one");
    }
  }
}
