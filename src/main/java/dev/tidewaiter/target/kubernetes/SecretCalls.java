package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.Identity;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The requests that write pull Secrets. Each but the first holds only for the version that was
/// read.
final class SecretCalls {
  private SecretCalls() {}

  /// @param sent the entries, as base64
  static Call create(ResourceId id, Owner owner, Content content, String sent) {
    ObjectNode secret = Json.object().put("apiVersion", "v1").put("kind", "Secret");
    ObjectNode metadata =
        secret.putObject("metadata").put("name", id.name()).put("namespace", id.scope());
    Marks.mark(metadata, owner, id.scope() + "/" + id.name());
    content.annotate(metadata, Json.object());
    secret.put("type", DockerConfig.TYPE);
    secret.putObject("data").put(DockerConfig.KEY, sent);
    return Call.post(managed(Call.secrets(id.scope())), secret);
  }

  static Call update(Change.Update change, Owner owner, JsonNode live, Content content) {
    ResourceId id = change.id();
    ObjectNode patch = Json.object();
    ObjectNode metadata = pinned(patch, Reading.identity(live.path("metadata")));
    if (change.adopts()) {
      Marks.mark(metadata, owner, id.scope() + "/" + id.name());
    }
    content.annotate(metadata, live.path("metadata"));
    patch.putObject("data").put(DockerConfig.KEY, content.config().base64());
    return Call.patch(managed(Call.secret(id.scope(), id.name())), patch);
  }

  /// @param marks puts labels and annotations into the patch's metadata
  static Call annotate(ResourceId id, Identity identity, Consumer<ObjectNode> marks) {
    ObjectNode patch = Json.object();
    marks.accept(pinned(patch, identity));
    return Call.patch(managed(Call.secret(id.scope(), id.name())), patch);
  }

  static Call delete(ResourceId id, Identity identity) {
    ObjectNode options = Json.object().put("apiVersion", "v1").put("kind", "DeleteOptions");
    version(options.putObject("preconditions"), identity);
    return Call.delete(Call.secret(id.scope(), id.name()), options);
  }

  private static ObjectNode pinned(ObjectNode patch, Identity identity) {
    return version(patch.putObject("metadata"), identity);
  }

  private static ObjectNode version(ObjectNode node, Identity identity) {
    return node.put("uid", identity.uid())
        .put("resourceVersion", Long.toUnsignedString(identity.version()));
  }

  private static String managed(String path) {
    return path + "?fieldManager=" + Marks.TIDEWAITER;
  }
}
