package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.target.kubernetes.Marks.Owner;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Under which names this instance has pull Secrets, by environment: a ConfigMap in the daemon's
/// own namespace.
///
/// RBAC lets the daemon list only Secrets whose name it knows, so what it once created must be
/// written down before it is created, and stays until nothing of it is left.
final class Inventory {
  private static final int ATTEMPTS = 5;

  private final Api api;
  private final Supplier<String> namespace;
  private final String name;
  private final String instance;

  /// @param namespace where it is kept; asked at each use
  Inventory(Api api, Supplier<String> namespace, String instance) {
    this.api = api;
    this.namespace = namespace;
    this.name = "tidewaiter-" + instance;
    this.instance = instance;
  }

  /// Environments by name of Secret.
  SortedMap<String, SortedSet<String>> read() throws ApiException, ForeignException {
    Reply reply = api.send(Call.get(path() + "/" + name));
    return reply.code() == 404 ? new TreeMap<>() : names(checked(reply.orThrow(what("get"))));
  }

  /// Writes the names down, unless they are.
  void write(SortedMap<String, SortedSet<String>> names) throws ApiException, ForeignException {
    for (int attempt = 1; ; attempt++) {
      Reply live = api.send(Call.get(path() + "/" + name));
      if (live.succeeded() && names(checked(live.body())).equals(names)) {
        return;
      }
      if (live.code() == 404 && names.isEmpty()) {
        return;
      }
      if (!live.succeeded() && live.code() != 404) {
        live.orThrow(what("get"));
      }
      Reply written = api.send(call(live, names));
      if (written.succeeded()) {
        return;
      }
      if (written.code() != 409 || attempt == ATTEMPTS) {
        written.orThrow(what("write"));
      }
    }
  }

  private Call call(Reply live, SortedMap<String, SortedSet<String>> names) {
    if (!live.succeeded()) {
      return Call.post(path(), document(names));
    }
    JsonNode metadata = live.body().path("metadata");
    String version = Json.string(metadata, "resourceVersion");
    if (names.isEmpty()) {
      ObjectNode options = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
      options
          .putObject("preconditions")
          .put("uid", Json.string(metadata, "uid"))
          .put("resourceVersion", version);
      return Call.delete(path() + "/" + name, options);
    }
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("resourceVersion", version);
    ObjectNode data = patch.putObject("data");
    live.body().path("data").propertyNames().forEach(data::putNull);
    fill(data, names);
    return Call.patch(path() + "/" + name, patch);
  }

  private ObjectNode document(SortedMap<String, SortedSet<String>> names) {
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    ObjectNode metadata =
        map.putObject("metadata").put("name", name).put("namespace", namespace.get());
    Marks.mark(metadata, new Owner(instance, "all"), namespace.get() + "/" + name);
    fill(map.putObject("data"), names);
    return map;
  }

  private static void fill(ObjectNode data, SortedMap<String, SortedSet<String>> names) {
    names.forEach((secret, environments) -> data.put(secret, String.join(",", environments)));
  }

  private JsonNode checked(JsonNode map) throws ForeignException {
    boolean ours =
        Marks.ownerOf(map.path("metadata"))
            .filter(owner -> owner.instance().equals(instance))
            .isPresent();
    if (!ours) {
      throw new ForeignException(
          "the ConfigMap "
              + namespace.get()
              + "/"
              + name
              + " is not ours: delete it, or give this daemon another name");
    }
    return map;
  }

  private static SortedMap<String, SortedSet<String>> names(JsonNode map) {
    var names = new TreeMap<String, SortedSet<String>>();
    for (var entry : map.path("data").properties()) {
      var environments =
          entry
              .getValue()
              .asString("")
              .transform(
                  text ->
                      java.util.Arrays.stream(text.split(",", -1))
                          .filter(name -> !name.isEmpty())
                          .collect(Collectors.toCollection(TreeSet::new)));
      names.put(entry.getKey(), environments);
    }
    return names;
  }

  private String path() {
    return "api/v1/namespaces/" + Call.encode(namespace.get()) + "/configmaps";
  }

  private String what(String verb) {
    return verb + " the ConfigMap " + namespace.get() + "/" + name;
  }

  /// Something else stands where the inventory belongs.
  static final class ForeignException extends Exception {
    private static final long serialVersionUID = 1L;

    ForeignException(String message) {
      super(message);
    }
  }
}
