package dev.tidewaiter.sandbox;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// fabric8's CRUD mock, where it differs from an API server in what the daemon relies on.
///
/// - A merge patch replaces lists and removes what is null, and its UID is a precondition; the mock
///   appends to lists.
/// - A deletion has preconditions; the mock deletes in any case.
/// - A namespace has a ServiceAccount `default` and takes its content along; nothing is created in
///   one that is absent.
///
/// Source: [API concepts](https://kubernetes.io/docs/reference/using-api/api-concepts/).
final class ClusterDispatcher extends KubernetesCrudDispatcher {
  private static final Pattern PATH =
      Pattern.compile(
          "/api/v1(/namespaces/(?<namespace>[^/?]+))?"
              + "/(?<kind>namespaces|serviceaccounts|secrets|configmaps|pods)"
              + "(/(?<name>[^/?]+))?(\\?.*)?");

  private static final String NAMESPACES = "/api/v1/namespaces";

  /// What a namespace takes along when it goes.
  private static final List<String> CONTENT = List.of("secrets", "serviceaccounts", "configmaps");

  void createNamespace(String name, String labels) {
    dispatch(
        request(
            HttpMethod.POST,
            NAMESPACES,
            """
            {"apiVersion": "v1", "kind": "Namespace",
             "metadata": {"name": "%s", "labels": %s}, "status": {"phase": "Active"}}
            """
                .formatted(name, labels)));
  }

  /// One request at a time, so that a precondition holds until what it guards is written.
  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    Optional<String> discovered = Discovery.answer(request.getPath().replaceFirst("\\?.*", ""));
    if (discovered.isPresent()) {
      return json(200, discovered.get());
    }
    // The mock would throw, and leave its client without an answer.
    if (String.valueOf(request.getHeader("Content-Type")).contains("protobuf")) {
      return status(415, "UnsupportedMediaType");
    }
    Matcher path = PATH.matcher(request.getPath());
    if (!path.matches()) {
      return status(404, "NotFound");
    }
    return switch (request.method()) {
      case GET, PUT -> super.dispatch(request);
      case POST -> create(request, path.group("namespace"));
      case PATCH -> patch(request);
      case DELETE -> delete(request, path);
      default -> status(405, "MethodNotAllowed");
    };
  }

  private MockResponse create(RecordedRequest request, @Nullable String namespace) {
    if (namespace != null && find(NAMESPACES + "/" + namespace).isMissingNode()) {
      return status(404, "NotFound");
    }
    MockResponse created = super.dispatch(request);
    if (namespace == null && created.code() == 201) {
      String name = metadata(parse(created.getBody()), "name");
      super.dispatch(
          request(
              HttpMethod.POST,
              NAMESPACES + "/" + name + "/serviceaccounts",
              """
              {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
              """));
    }
    return created;
  }

  /// As a replacement of what the merge comes to.
  private MockResponse patch(RecordedRequest request) {
    if (String.valueOf(request.getHeader("Content-Type")).contains("json-patch")) {
      return super.dispatch(request);
    }
    JsonNode found = find(request.getPath());
    if (!(found instanceof ObjectNode live)) {
      return status(404, "NotFound");
    }
    JsonNode patch = parse(request.getBody());
    if (!isFor(live, patch.path("metadata"))) {
      return status(409, "Conflict");
    }
    merge(live, patch);
    return super.dispatch(request(HttpMethod.PUT, request.getPath(), live.toString()));
  }

  /// RFC 7386, of an object into an object.
  private static void merge(ObjectNode target, JsonNode patch) {
    patch.forEachEntry(
        (name, value) -> {
          if (value.isNull()) {
            target.remove(name);
          } else if (value.isObject()) {
            ObjectNode inner =
                target.get(name) instanceof ObjectNode present ? present : target.putObject(name);
            merge(inner, value);
          } else {
            target.set(name, value);
          }
        });
  }

  private MockResponse delete(RecordedRequest request, Matcher path) {
    if (path.group("name") == null) {
      return status(405, "MethodNotAllowed");
    }
    JsonNode found = find(request.getPath());
    if (found.isMissingNode()) {
      return status(404, "NotFound");
    }
    if (!isFor(found, parse(request.getBody()).path("preconditions"))) {
      return status(409, "Conflict");
    }
    if (path.group("kind").equals("namespaces")) {
      String prefix = NAMESPACES + "/" + path.group("name") + "/";
      CONTENT.forEach(kind -> super.handleDelete(prefix + kind));
    }
    return super.dispatch(request);
  }

  private static boolean isFor(JsonNode live, JsonNode precondition) {
    return List.of("uid", "resourceVersion").stream()
        .allMatch(
            field ->
                !precondition.has(field)
                    || precondition.path(field).asString("").equals(metadata(live, field)));
  }

  private static String metadata(JsonNode object, String field) {
    return object.path("metadata").path(field).asString("");
  }

  private JsonNode find(String path) {
    MockResponse found = super.handleGet(path.replaceFirst("\\?.*", ""));
    return found.code() == 200 ? parse(found.getBody()) : MissingNode.getInstance();
  }

  private static JsonNode parse(@Nullable Buffer body) {
    return body == null || body.size() == 0
        ? MissingNode.getInstance()
        : JsonMapper.shared().readTree(body.getBytes());
  }

  private static RecordedRequest request(HttpMethod method, String path, String body) {
    var content = new Buffer(body.getBytes(StandardCharsets.UTF_8));
    return new RecordedRequest("HTTP/1.1", method, path, Headers.builder().build(), content);
  }

  private static MockResponse status(int code, String reason) {
    return json(
        code,
        """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "%s", "code": %d}
        """
            .formatted(reason, code));
  }

  private static MockResponse json(int code, String body) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(body);
  }
}
