package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import io.github.jopenlibs.vault.rest.Rest;
import io.github.jopenlibs.vault.rest.RestException;
import io.github.jopenlibs.vault.rest.RestResponse;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Single exchanges with Vault's HTTP API, over the driver's `Rest`.
///
/// Never throws for the server's sake, and no part of a response leaves it but as a [Reply].
final class VaultWire implements AutoCloseable {
  private final VaultSettings settings;
  private final Connections connections;
  private final JsonMapper json = JsonMapper.builder().build();

  VaultWire(VaultSettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings);
  }

  /// @param path beneath `/v1/`, not encoded
  /// @param version of a KV 2 secret; null for the latest
  Reply get(Secret token, String path, @Nullable Integer version) {
    return exchange(
        path,
        rest -> {
          rest.header("X-Vault-Token", token.reveal());
          if (version != null) {
            rest.parameter("version", version.toString());
          }
          return rest.get();
        });
  }

  /// Creates or replaces what is at a path.
  ///
  /// @param body what is sent, secrets and all
  Reply write(Secret token, String path, JsonNode body) {
    return exchange(
        path,
        rest -> {
          rest.header("X-Vault-Token", token.reveal());
          rest.header("Content-Type", "application/json").body(json.writeValueAsBytes(body));
          return rest.post();
        });
  }

  /// @param token null for a login
  /// @param fields the JSON object that is sent
  Reply post(@Nullable Secret token, String path, Map<String, Secret> fields) {
    return exchange(
        path,
        rest -> {
          if (token != null) {
            rest.header("X-Vault-Token", token.reveal());
          }
          var object = json.createObjectNode();
          fields.forEach((name, value) -> object.put(name, value.reveal()));
          rest.header("Content-Type", "application/json").body(json.writeValueAsBytes(object));
          return rest.post();
        });
  }

  @Override
  public void close() {
    connections.close();
  }

  /// A request with the driver.
  private interface Request {
    RestResponse send(Rest rest) throws RestException;
  }

  private Reply exchange(String path, Request request) {
    try {
      var client = new BoundedHttpClient(connections.client(), settings.readTimeout());
      Rest rest =
          new Rest(client)
              .url(url(path))
              // Agents and proxies of Vault may insist on it, against request forgery.
              .header("X-Vault-Request", "true")
              .header("X-Vault-Namespace", settings.namespace());
      RestResponse response = request.send(rest);
      return new Reply.Answered(
          response.getStatus(), parse(response.getBody()), retryAfter(client.headers()));
    } catch (RestException e) {
      return silence(e);
    } catch (TlsFiles.UnusableException e) {
      return e.silence();
    }
  }

  private String url(String path) {
    URI base = settings.address();
    String prefix = base.getPath() == null ? "" : base.getPath().replaceFirst("/+$", "");
    try {
      String whole = prefix + "/v1/" + path;
      return new URI(base.getScheme(), null, base.getHost(), base.getPort(), whole, null, null)
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a path that was checked: " + path, e);
    }
  }

  // The parser's exception quotes what it could not read; it is dropped here for that reason.
  private JsonNode parse(byte[] body) {
    try {
      return json.readTree(new String(body, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  private static Reply silence(RestException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return Reply.Silence.INTERRUPTED;
      }
      if (cause instanceof SSLException) {
        return Reply.Silence.TLS_FAILED;
      }
      if (cause instanceof HttpConnectTimeoutException || cause instanceof ConnectException) {
        return Reply.Silence.UNREACHABLE;
      }
      if (cause instanceof HttpTimeoutException) {
        return Reply.Silence.TIMED_OUT;
      }
    }
    return Reply.Silence.CUT;
  }

  /// Seconds, or a date, which counts from the response's own.
  ///
  /// Source: [RFC 9110, 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
  private static @Nullable Duration retryAfter(HttpHeaders headers) {
    Optional<String> header = headers.firstValue("Retry-After");
    if (header.isEmpty()) {
      return null;
    }
    String value = header.get().strip();
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Duration until =
          Duration.between(date(headers.firstValue("Date").orElse("").strip()), date(value));
      return until.isNegative() ? Duration.ZERO : until;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static ZonedDateTime date(String text) {
    return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
  }
}
