package dev.tidewaiter.target.kubernetes.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An API server that is given policies, and pods to judge.
final class PolicyServer {
  /// How long a server may take to act on a policy.
  static final Duration LIMIT = Duration.ofSeconds(30);

  private static final String GROUP = "admissionregistration.k8s.io";

  private final KubeApiServer server;
  private final HttpClient http;

  PolicyServer(KubeApiServer server) {
    this.server = server;
    this.http = server.admin().getHttpClient();
  }

  KubeApiServer server() {
    return server;
  }

  String namespace() {
    return namespace(Map.of());
  }

  /// A new one with the ServiceAccount that pods need.
  String namespace(Map<String, String> labels) {
    String name = KubeApiServer.uniqueName("policy");
    ObjectNode namespace = object("v1", "Namespace", name);
    labels.forEach(namespace.withObject("metadata").withObject("labels")::put);
    expect(send("POST", "/api/v1/namespaces", namespace));
    ObjectNode account = object("v1", "ServiceAccount", "default");
    expect(send("POST", "/api/v1/namespaces/" + name + "/serviceaccounts", account));
    return name;
  }

  Answer patchNamespace(String name, String merge) {
    return patch("/api/v1/namespaces/" + name, merge);
  }

  /// Creates a policy or a binding.
  void create(String name, PolicyObject object) {
    create(name, object, "v1");
  }

  void create(String name, PolicyObject object, String version) {
    expect(tryCreate(name, object, version));
  }

  Answer tryCreate(String name, PolicyObject object, String version) {
    ObjectNode body = object(GROUP + "/" + version, kind(object), name);
    body.set("spec", Rendering.spec(object));
    return send("POST", path(object, version), body);
  }

  JsonNode liveSpec(String name, PolicyObject object) {
    return expect(send("GET", path(object, "v1") + "/" + name, null)).body().path("spec");
  }

  void update(String name, PolicyObject object) {
    ObjectNode body = Pods.copy(expect(send("GET", path(object, "v1") + "/" + name, null)).body());
    body.set("spec", Rendering.spec(object));
    expect(send("PUT", path(object, "v1") + "/" + name, body));
  }

  private static String path(PolicyObject object, String version) {
    String plural =
        switch (object) {
          case PolicyObject.Allow _ -> "validatingadmissionpolicies";
          case PolicyObject.Default _ -> "mutatingadmissionpolicies";
          case PolicyObject.AllowBinding _ -> "validatingadmissionpolicybindings";
          case PolicyObject.DefaultBinding _ -> "mutatingadmissionpolicybindings";
        };
    return "/apis/" + GROUP + "/" + version + "/" + plural;
  }

  private static String kind(PolicyObject object) {
    return switch (object) {
      case PolicyObject.Allow _ -> "ValidatingAdmissionPolicy";
      case PolicyObject.Default _ -> "MutatingAdmissionPolicy";
      case PolicyObject.AllowBinding _ -> "ValidatingAdmissionPolicyBinding";
      case PolicyObject.DefaultBinding _ -> "MutatingAdmissionPolicyBinding";
    };
  }

  /// Judges a pod without keeping it.
  Answer dryRun(String namespace, ObjectNode pod) {
    return send("POST", "/api/v1/namespaces/" + namespace + "/pods?dryRun=All", pod);
  }

  /// Judges a pod that a member of a group creates.
  Answer dryRunAs(String user, String group, String namespace, ObjectNode pod) {
    var headers = Map.of("Impersonate-User", user, "Impersonate-Group", group);
    String path = "/api/v1/namespaces/" + namespace + "/pods?dryRun=All";
    return send("POST", "application/json", path, pod.toString(), headers);
  }

  /// Creates a pod that is admitted.
  Answer run(String namespace, ObjectNode pod) {
    return expect(send("POST", "/api/v1/namespaces/" + namespace + "/pods", pod));
  }

  Answer patchPod(String namespace, String pod, String merge) {
    return patch("/api/v1/namespaces/" + namespace + "/pods/" + pod, merge);
  }

  Answer get(String namespace, String pod) {
    return expect(send("GET", "/api/v1/namespaces/" + namespace + "/pods/" + pod, null));
  }

  /// Adds ephemeral containers to a pod that is there, as `kubectl debug` does.
  Answer debug(String namespace, String pod, String... images) {
    ObjectNode changed = Pods.withEphemeral(Pods.copy(get(namespace, pod).body()), images);
    String path = "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/ephemeralcontainers";
    return send("PUT", path, changed);
  }

  private static ObjectNode asked(String image) {
    return Pods.named(Pods.running(image), "asked-whether-it-is-in-force");
  }

  /// Waits until an allow policy denies in a namespace.
  void awaitDenials(String namespace) {
    Await.until(
        LIMIT,
        () ->
            assertThat(dryRun(namespace, asked("not://an-image")).message())
                .contains("is not allowed in environment"));
  }

  void awaitDefault(String namespace, String image, String expected) {
    Await.until(
        LIMIT,
        () ->
            assertThat(dryRun(namespace, asked(image)).images("containers"))
                .containsExactly(expected));
  }

  /// Lets somebody else's policy add a container to every new pod of a namespace.
  void sidecar(String policy, String namespace, String image) {
    var add =
        new PolicyObject.Default(
            "foreign", null, List.of("unused"), new Exemption(List.of(), List.of(namespace)));
    ObjectNode body = object(GROUP + "/v1", kind(add), policy);
    ObjectNode spec = Rendering.spec(add);
    spec.withArray("matchConditions").remove(1);
    spec.withArray("mutations").removeAll();
    spec.withArray("mutations")
        .addObject()
        .put("patchType", "ApplyConfiguration")
        .putObject("applyConfiguration")
        .put(
            "expression",
            "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'of-%1$s', image: object.spec.containers.exists(c, c.name == 'of-%1$s') ? object.spec.containers.filter(c, c.name == 'of-%1$s')[0].image : '%1$s'}]}}"
                .formatted(image));
    body.set("spec", spec);
    expect(send("POST", path(add, "v1"), body));
    var clause = new Clause.Names(List.of(namespace));
    create(policy, new PolicyObject.DefaultBinding(policy, clause));
  }

  private Answer patch(String path, String merge) {
    return send("PATCH", "application/strategic-merge-patch+json", path, merge);
  }

  Answer send(String method, String path, @Nullable ObjectNode body) {
    return send(method, "application/json", path, body == null ? null : body.toString());
  }

  private Answer send(String method, String type, String path, @Nullable String body) {
    return send(method, type, path, body, Map.of());
  }

  private Answer send(
      String method, String type, String path, @Nullable String body, Map<String, String> headers) {
    try {
      URI uri = server.admin().getMasterUrl().toURI().resolve(path);
      var builder = http.newHttpRequestBuilder().uri(uri).method(method, type, body);
      headers.forEach(builder::header);
      var request = builder.build();
      HttpResponse<String> response =
          http.sendAsync(request, String.class).get(30, TimeUnit.SECONDS);
      return new Answer(
          response.code(), JsonMapper.shared().readTree(response.body()), warnings(response));
    } catch (ExecutionException | TimeoutException | java.net.URISyntaxException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static List<String> warnings(HttpResponse<String> response) {
    return response.headers("Warning");
  }

  static Answer expect(Answer answer) {
    assertThat(answer.isTaken()).as(() -> answer.status() + " " + answer.message()).isTrue();
    return answer;
  }

  static ObjectNode object(String version, String kind, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", version).put("kind", kind).putObject("metadata").put("name", name);
    return object;
  }
}
