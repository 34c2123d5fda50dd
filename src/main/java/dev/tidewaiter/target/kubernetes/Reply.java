package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.Visible;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the API server answered. Its body may hold a Secret, so it does not print. What is read
/// from a `Status` is [Visible]: a webhook of others may have written it.
///
/// @param code HTTP status
/// @param retryAfter from the header; null for none
/// @param body an object, a `Status`, or missing
record Reply(int code, @Nullable Duration retryAfter, JsonNode body) {
  boolean succeeded() {
    return code >= 200 && code < 300;
  }

  /// The `reason` of a `Status`, such as `AlreadyExists`; empty for none.
  ///
  /// Source:
  /// [metav1.StatusReason](https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason).
  String reason() {
    return Visible.of(Json.string(body, "reason"));
  }

  /// Whether a `Status` names a cause, such as `NamespaceTerminating`.
  boolean hasCause(String reason) {
    for (JsonNode cause : body.path("details").path("causes")) {
      if (Json.string(cause, "reason").equals(reason)) {
        return true;
      }
    }
    return false;
  }

  /// The fields a `Status` complains about.
  List<String> invalidFields() {
    var fields = new ArrayList<String>();
    for (JsonNode cause : body.path("details").path("causes")) {
      fields.add(Visible.of(Json.string(cause, "field")));
    }
    return fields;
  }

  /// @throws ApiException unless it succeeded
  JsonNode orThrow(String what) throws ApiException {
    if (!succeeded()) {
      throw ApiException.refused(what, code, reason(), retryAfter);
    }
    return body;
  }

  @Override
  public String toString() {
    return "Reply[" + code + "]";
  }
}
