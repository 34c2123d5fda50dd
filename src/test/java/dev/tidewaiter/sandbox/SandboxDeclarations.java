package dev.tidewaiter.sandbox;

import java.util.List;

/// What the sandbox declares beyond `sample-config`: its own registry, which one can log in to, and
/// who may use it.
final class SandboxDeclarations {
  private SandboxDeclarations() {}

  /// @param namespaces of its environment
  static String yaml(String registry, List<String> namespaces) {
    return """
    # The registry that really runs here, and the namespaces that may pull from it.
    apiVersion: tidewaiter.dev/v1
    kind: Registry
    metadata: {name: sandbox}
    spec:
      address: %s
      credential:
        basic:
          username: {vault: {path: secret/registries/sandbox, key: username}}
          password: {vault: {path: secret/registries/sandbox, key: password}}
      tls: {insecure: true}
    ---
    apiVersion: tidewaiter.dev/v1
    kind: Environment
    metadata: {name: sandbox}
    spec:
      registries: [sandbox]
      namespaces: {names: [%s]}
      serviceAccounts: {names: [default]}
    """
        .formatted(registry, String.join(", ", namespaces));
  }
}
