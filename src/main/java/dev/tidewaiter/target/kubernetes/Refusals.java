package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.Failed;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Outcome.Unchanged;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What the API server's refusal of a write means, from the structure of its `Status`.
///
/// Source: [API conventions, response status
/// kind](https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#response-status-kind).
final class Refusals {
  private Refusals() {}

  /// @param access the verb and resource, such as `create secrets in namespace shop`
  static Outcome of(Reply reply, String access) {
    if (reply.hasCause("NamespaceTerminating")) {
      return goingAway();
    }
    return switch (reply.code()) {
      case 401 -> failed(FailureReason.AccessDenied, access, "the cluster does not know us", reply);
      case 403 -> forbidden(reply, access);
      case 404 -> new Unchanged("its namespace is gone");
      case 409 -> conflict(reply, access);
      case 413 -> failed(FailureReason.TooLarge, access, "the request is too large", reply);
      case 400, 422 -> rejected(reply, access);
      default -> failed(FailureReason.Unavailable, access, "answered " + reply.code(), reply);
    };
  }

  static Outcome of(ApiException e) {
    return new Failed(FailureReason.Unavailable, e.getMessage() + ".", e.retryAfter());
  }

  /// What becomes of a change of a pull Secret whose name we may not list: to create it might
  /// succeed where nothing else would.
  static Outcome unlisted(String name) {
    return failed(
        FailureReason.AccessDenied,
        "list secrets named " + name,
        "answered 403 Forbidden; add the name to `resourceNames` in the RBAC manifest",
        null);
  }

  static Outcome goingAway() {
    return new Unchanged("the namespace is terminating");
  }

  static Failed failed(FailureReason reason, String access, String why, @Nullable Reply reply) {
    return new Failed(reason, access + ": " + why + ".", reply == null ? null : reply.retryAfter());
  }

  /// A quota is told from a missing permission by its message alone: both are `Forbidden`, and the
  /// quota plugin adds no cause.
  ///
  /// Source: [quota
  /// controller](https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go),
  /// `exceeded quota: …`.
  private static Outcome forbidden(Reply reply, String access) {
    return Json.string(reply.body(), "message").contains("exceeded quota")
        ? failed(FailureReason.QuotaExceeded, access, "the namespace's quota is used up", reply)
        : failed(FailureReason.AccessDenied, access, "answered 403 Forbidden", reply);
  }

  private static Outcome conflict(Reply reply, String access) {
    String why =
        reply.reason().equals("AlreadyExists")
            ? "somebody else was first"
            : "it was changed again and again meanwhile";
    return failed(FailureReason.Conflict, access, why, reply);
  }

  /// Names the fields, never the message, which may quote a value.
  private static Outcome rejected(Reply reply, String access) {
    var fields = new ArrayList<>(reply.invalidFields());
    fields.removeIf(String::isEmpty);
    String why =
        "answered "
            + reply.code()
            + " "
            + reply.reason()
            + (fields.isEmpty() ? "" : " for " + String.join(", ", fields));
    return failed(FailureReason.Rejected, access, why, reply);
  }
}
