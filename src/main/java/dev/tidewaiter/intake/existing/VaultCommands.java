package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A proposal's writes to Vault as a script, with each secret in a file of its own: on a command
/// line everybody on the machine could read it.
///
/// What is there already stays: it is looked for first, and `-cas=0` lets Vault itself refuse on a
/// mount of KV version 2.
///
/// Source: [vault kv put](https://developer.hashicorp.com/vault/docs/commands/kv/put).
final class VaultCommands {
  static final String SCRIPT = "write-to-vault.sh";

  private VaultCommands() {}

  /// Contents by path, the script among them; empty if there is nothing to write.
  static SortedMap<String, Secret> of(Proposal proposal) {
    var files = new TreeMap<String, Secret>();
    var script = new StringBuilder();
    for (Proposal.Registry registry : proposal.registries()) {
      if (!registry.secrets().isEmpty()) {
        String file = registry.name() + ".json";
        files.put(file, json(registry.secrets()));
        script.append("put ").append(quoted(registry.path())).append(' ').append(file).append('\n');
      }
    }
    if (!files.isEmpty()) {
      files.put(SCRIPT, Secret.of(HEAD + script + FOOT));
    }
    return files;
  }

  private static final String HEAD =
      """
      #!/bin/sh
      # Writes imported credentials to Vault. Log in first: VAULT_ADDR and `vault login`.
      # Where something is already, nothing is written.
      # Delete this directory afterwards: it holds the secrets in the clear.
      set -u
      cd "$(dirname "$0")" || exit 1
      failed=0
      put() {
        if said=$(vault kv get "$1" 2>&1 >/dev/null); then
          echo "something is there already: $1" >&2
          failed=1
          return
        fi
        case $said in
          *"No value found at "*) ;;
          *) echo "not written, since it cannot be read: $1" >&2; failed=1; return ;;
        esac
        vault kv put -cas=0 "$1" "@$2" >/dev/null || { echo "not written: $1" >&2; failed=1; }
      }
      """;

  private static final String FOOT = "exit $failed\n";

  private static Secret json(SortedMap<String, Secret> secrets) {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    secrets.forEach((key, value) -> object.put(key, value.reveal()));
    byte[] bytes = JsonMapper.shared().writeValueAsBytes(object);
    return Secret.of(new String(bytes, StandardCharsets.UTF_8) + "\n");
  }

  private static String quoted(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
  }
}
