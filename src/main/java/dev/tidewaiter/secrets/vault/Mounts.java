package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// Where Vault's secrets engines are, and of which kind: asked once for each mount, as the command
/// line asks it, of `sys/internal/ui/mounts/`, which needs no policy of its own.
///
/// Source: [kv_helpers.go](https://github.com/hashicorp/vault/blob/main/command/kv_helpers.go).
final class Mounts {
  private final VaultWire wire;
  private final Set<Mount> known = ConcurrentHashMap.newKeySet();

  Mounts(VaultWire wire) {
    this.wire = wire;
  }

  /// The mount that a path lies in, if that was asked before.
  Optional<Mount> find(String path) {
    return known.stream().filter(mount -> mount.contains(path)).findFirst();
  }

  void add(Mount mount) {
    known.add(mount);
  }

  void remove(Mount mount) {
    known.remove(mount);
  }

  Reply ask(Secret token, String path) {
    return wire.get(token, "sys/internal/ui/mounts/" + path, null);
  }

  /// The mount that an answer names; empty if it names none that the path lies in.
  static Optional<Mount> in(Reply asked, String path) {
    if (!(asked instanceof Reply.Answered answered) || answered.status() != 200) {
      return Optional.empty();
    }
    JsonNode data = answered.body().path("data");
    String mount = data.path("path").asString("");
    if (mount.isEmpty()) {
      return Optional.empty();
    }
    Mount.Engine engine =
        switch (data.path("type").asString("")) {
          case "kv" ->
              "2".equals(data.path("options").path("version").asString("1"))
                  ? Mount.Engine.KV_2
                  : Mount.Engine.KV_1;
          case "generic" -> Mount.Engine.KV_1;
          default -> Mount.Engine.OTHER;
        };
    return Mount.around(path, mount.endsWith("/") ? mount : mount + "/", engine);
  }
}
