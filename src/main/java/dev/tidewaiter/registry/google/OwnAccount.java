package dev.tidewaiter.registry.google;

import com.google.auth.oauth2.ExternalAccountCredentials;
import dev.tidewaiter.model.PlainCause;
import dev.tidewaiter.model.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who the daemon is for Google:
///
/// 1. the file that `GOOGLE_APPLICATION_CREDENTIALS` names: the key of a service account, or an
///    external account whose token is in a file or at an address
/// 2. the metadata server, which is Google's, or GKE's workload identity
///
/// Deviation from the library: no file of a person, and no program that is run for a token.
///
/// Source: [application default credentials](https://google.aip.dev/auth/4110), [external
/// accounts](https://google.aip.dev/auth/4117).
final class OwnAccount {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, String> environment;

  OwnAccount(Map<String, String> environment) {
    this.environment = environment;
  }

  sealed interface Found {
    record Key(Secret json) implements Found {}

    record External(ExternalAccountCredentials credentials) implements Found {}

    /// @param host with a port where it is not 80
    record Metadata(String host) implements Found {}

    /// @param reason for people
    record None(String reason) implements Found {}
  }

  Found find(GoogleTransport transport) {
    String file = environment.get("GOOGLE_APPLICATION_CREDENTIALS");
    if (file == null || file.isBlank()) {
      return new Found.Metadata(
          environment.getOrDefault("GCE_METADATA_HOST", "metadata.google.internal"));
    }
    try {
      return read(Files.readString(Path.of(file)), transport);
    } catch (IOException e) {
      return none("cannot be read (" + PlainCause.of(e) + ")");
    }
  }

  private static Found read(String text, GoogleTransport transport) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JacksonException e) {
      return none("is not JSON");
    }
    return switch (json.path("type").asString("")) {
      case "service_account" -> new Found.Key(Secret.of(text));
      case "external_account" -> {
        String mistake = mistakeIn(json.path("credential_source"));
        yield mistake == null ? external(text, transport) : none(mistake);
      }
      default -> none("is neither a service account's key nor an external account");
    };
  }

  private static @Nullable String mistakeIn(JsonNode source) {
    if (source.has("executable")) {
      return "names a program to run, which the daemon does not";
    }
    boolean readable = source.has("file") || source.has("url");
    return readable && !source.has("environment_id") && !source.has("certificate")
        ? null
        : "has a `credential_source` that is neither a file nor an address";
  }

  private static Found external(String text, GoogleTransport transport) {
    try {
      var stream = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      return new Found.External(ExternalAccountCredentials.fromStream(stream, transport));
    } catch (IOException | RuntimeException e) {
      // The library checks the form as it goes, with exceptions of any kind.
      return none("is not the external account that it says");
    }
  }

  private static Found none(String what) {
    return new Found.None("the file of GOOGLE_APPLICATION_CREDENTIALS " + what + ".");
  }
}
