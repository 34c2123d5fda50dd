package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.Identity;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The requests that write policies and bindings. Each but the first holds only for the version
/// that was read.
final class PolicyCalls {
  private PolicyCalls() {}

  static Call create(PolicyKind kind, String name, Owner owner, Rules rules, ObjectNode spec) {
    ObjectNode object =
        Json.object().put("apiVersion", kind.apiVersion()).put("kind", kind.kind().word());
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    Marks.mark(metadata, owner, name);
    metadata.withObjectProperty("annotations").put(Marks.RULES, rules.annotation());
    object.set("spec", spec);
    return Call.post(managed(kind.collection()), object);
  }

  static Call update(PolicyKind kind, Identity identity, Rules rules, ObjectNode spec) {
    ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    replace(operations, "/metadata/uid").put("value", identity.uid());
    replace(operations, "/metadata/resourceVersion").put("value", version(identity));
    // `add` replaces what is there, and the annotation may be gone.
    operations
        .addObject()
        .put("op", "add")
        .put("path", "/metadata/annotations/" + Marks.RULES.replace("/", "~1"))
        .put("value", rules.annotation());
    replace(operations, "/spec").set("value", spec);
    return Call.edit(managed(kind.path(identity.name())), operations);
  }

  static Call release(PolicyKind kind, Identity identity) {
    ObjectNode patch = Json.object();
    Marks.unmark(pinned(patch.putObject("metadata"), identity));
    return Call.patch(managed(kind.path(identity.name())), patch);
  }

  static Call delete(PolicyKind kind, Identity identity) {
    ObjectNode options = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
    pinned(options.putObject("preconditions"), identity);
    return Call.delete(kind.path(identity.name()), options);
  }

  private static ObjectNode replace(ArrayNode operations, String path) {
    return operations.addObject().put("op", "replace").put("path", path);
  }

  private static ObjectNode pinned(ObjectNode node, Identity identity) {
    return node.put("uid", identity.uid()).put("resourceVersion", version(identity));
  }

  private static String version(Identity identity) {
    return Long.toUnsignedString(identity.version());
  }

  private static String managed(String path) {
    return path + "?fieldManager=" + Marks.TIDEWAITER;
  }
}
