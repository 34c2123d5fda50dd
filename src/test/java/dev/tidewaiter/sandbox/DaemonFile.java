package dev.tidewaiter.sandbox;

import java.net.URI;
import java.nio.file.Path;

/// The configuration of the sandbox's daemon; relative paths in it are relative to the file.
///
/// @param proxy the way to everything that is not on this machine
record DaemonFile(
    String repository, URI proxy, URI vault, String allowedPaths, Path hostRoot, String listen) {
  String yaml() {
    return """
    # The sandbox's daemon, written anew at each start.
    apiVersion: tidewaiter.dev/v1
    kind: Daemon
    metadata: {name: sandbox}
    spec:
      stateDirectory: %s
      repository: {url: "%s", branch: main, interval: 5s}
      proxy: {url: "%s", noProxy: [127.0.0.1, localhost]}
      vault:
        address: %s
        auth: {token: {file: vault-token}}
        allowedPaths:
    %s\
      aws:
        allowedRoles: ["arn:aws:iam::123456789012:role/pull"]
        ambientIdentity: ["123456789012", public.ecr.aws]
      clusters:
        - {name: sandbox, kubeconfig: {file: kubeconfig}}
      host: {labels: {role: build}, root: "%s"}
      listen: "%s"
    """
        .formatted(
            hostRoot.resolveSibling("state"),
            repository,
            proxy,
            vault,
            allowedPaths,
            hostRoot,
            listen);
  }
}
