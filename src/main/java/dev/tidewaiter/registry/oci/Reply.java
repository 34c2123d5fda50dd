package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An answer over HTTP, and what it proves.
///
/// @param challenges the values of `WWW-Authenticate`
/// @param versioned whether `Docker-Distribution-Api-Version` is there
/// @param digest of `Docker-Content-Digest`, if it is one
/// @param location where a redirect points that was not followed
/// @param elsewhere whether another host gave it, after a redirect and without any credential
record Reply(
    int status,
    List<String> challenges,
    boolean versioned,
    String contentType,
    String digest,
    @Nullable Duration retryAfter,
    @Nullable URI location,
    Secret body,
    boolean elsewhere) {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
  private static final Set<Integer> NO = Set.of(401, 403);

  Reply {
    challenges = List.copyOf(challenges);
    contentType = contentType.toLowerCase(Locale.ROOT).replaceFirst("\\s*;.*", "");
    digest = DIGEST.matcher(digest).matches() ? digest : "";
  }

  Reply fromElsewhere() {
    return new Reply(
        status, challenges, versioned, contentType, digest, retryAfter, location, body, true);
  }

  /// Whether a registry says yes: not every server does that answers 200, but one that says nothing
  /// else may ([OCI distribution,
  /// end-1](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints)).
  boolean isYes() {
    boolean silent = contentType.isEmpty() && body.isEmpty();
    return status == 200 && (versioned || isJson() || silent);
  }

  /// Whether a registry says no (design, chapter 10: *refused*).
  boolean isNo() {
    return NO.contains(status) && (versioned || !challenges.isEmpty());
  }

  /// Whether a token server says no: it may do so in JSON too, and with 400.
  boolean isNoToken() {
    return isNo() || ((status == 400 || NO.contains(status)) && json().isPresent());
  }

  /// Whether it is about a manifest, of whatever type.
  boolean isOfManifest() {
    return !digest.isEmpty()
        || versioned
        || (contentType.startsWith("application/vnd.")
            && (contentType.contains(".manifest.") || contentType.contains(".index.")));
  }

  boolean isJson() {
    return contentType.equals("application/json") || contentType.endsWith("+json");
  }

  /// The body; empty if it is not JSON.
  Optional<JsonNode> json() {
    try {
      JsonNode node = JsonMapper.shared().readTree(body.reveal());
      return node.isObject() || node.isArray() ? Optional.of(node) : Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }
}
