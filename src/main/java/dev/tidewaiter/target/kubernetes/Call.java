package dev.tidewaiter.target.kubernetes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One request. Its body may hold a Secret, so it does not print.
///
/// @param path below the API server's address, without a leading slash, with the query
/// @param body null for none
record Call(String method, String path, String contentType, @Nullable JsonNode body) {
  private static final String JSON = "application/json";

  static Call get(String path) {
    return new Call("GET", path, JSON, null);
  }

  static Call post(String path, JsonNode body) {
    return new Call("POST", path, JSON, body);
  }

  /// A JSON merge patch: a `metadata.resourceVersion` in it is a precondition, and a list in it
  /// replaces the list.
  ///
  /// Source: [RFC 7386](https://www.rfc-editor.org/rfc/rfc7386).
  static Call patch(String path, JsonNode body) {
    return new Call("PATCH", path, "application/merge-patch+json", body);
  }

  /// A JSON patch, which replaces single places whole: a merge would keep what somebody else added
  /// beside what is sent. A `metadata.resourceVersion` that is replaced is a precondition.
  ///
  /// Source: [RFC 6902](https://www.rfc-editor.org/rfc/rfc6902).
  static Call edit(String path, JsonNode operations) {
    return new Call("PATCH", path, "application/json-patch+json", operations);
  }

  static Call delete(String path, JsonNode options) {
    return new Call("DELETE", path, JSON, options);
  }

  static String secret(String namespace, String name) {
    return secrets(namespace) + "/" + encode(name);
  }

  static String secrets(String namespace) {
    return "api/v1/namespaces/" + encode(namespace) + "/secrets";
  }

  static String serviceAccount(String namespace, String name) {
    return "api/v1/namespaces/" + encode(namespace) + "/serviceaccounts/" + encode(name);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
