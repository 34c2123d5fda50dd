package dev.tidewaiter.sandbox;

import java.net.URI;
import java.nio.file.Path;

/// The configuration of the sandbox's daemon; relative paths in it are relative to the file.
record DaemonFile(String repository, URI vault, String allowedPaths, Path hostRoot, String listen) {
  String yaml() {
    return """
    # The sandbox's daemon, written anew at each start.
    apiVersion: tidewaiter.dev/v1
    kind: Daemon
    metadata: {name: sandbox}
    spec:
      stateDirectory: %s
      repository: {url: "%s", branch: main, interval: 5s}
      vault:
        address: %s
        auth: {token: {file: vault-token}}
        allowedPaths:
    %s\
      clusters:
        - {name: sandbox, kubeconfig: {file: kubeconfig}}
      host: {labels: {role: build}, root: "%s"}
      listen: "%s"
    """
        .formatted(
            hostRoot.resolveSibling("state"), repository, vault, allowedPaths, hostRoot, listen);
  }
}
