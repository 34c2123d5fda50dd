package dev.tidewaiter.sandbox;

/// What the sandbox declares beyond `sample-config`: its own registry, which one can log in to, and
/// who may use it.
final class SandboxDeclarations {
  private SandboxDeclarations() {}

  static String yaml(String registry) {
    return """
    # The registry that really runs here, and a namespace that may pull from it.
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
      namespaces: {names: [sandbox]}
      serviceAccounts: {names: [default]}
    """
        .formatted(registry);
  }
}
