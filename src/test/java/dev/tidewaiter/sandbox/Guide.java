package dev.tidewaiter.sandbox;

import java.net.URI;
import java.nio.file.Path;

/// What a person is told at the start: where things are, and what to try.
///
/// @param directory as the person would write it
record Guide(Path directory, URI cluster, String registry, String daemon) {
  String text() {
    return """

    Tidewaiter's sandbox, all of it below %1$s. Each start begins afresh.

      declarations  %1$s/config            a Git repository made from sample-config
      Vault         %1$s/vault             a file for each secret
      cluster       %1$s/kubeconfig        %2$s
      host          %1$s/host              the root of a host with Docker and podman
      registry      %3$s
      outside       a stand-in for the other registries, AWS and Google, so that nothing leaves
                    this machine; it takes passwords with `tide` in them
      daemon        %1$s/tidewaiter.yaml   http://%4$s/status

    Try this in another terminal, and watch what happens here:

      # Declare: one more namespace gets its pull Secret.
      sed -i.bak 's/\\[shop\\]/[shop, stock]/' %1$s/config/environments/production.yaml
      git -C %1$s/config commit -qam 'Serve stock'

      # Rotate a password, without a commit; then log in with it.
      echo '%5$s' > %1$s/vault/registries/sandbox.json
      curl -su %6$s:second-tide -w '%%{http_code}\\n' http://%3$s/v2/

      # Mistype one: the registry refuses it, and the one that works stays everywhere.
      echo '%7$s' > %1$s/vault/registries/quay.json

      # Delete what the daemon wrote; it comes back.
      curl -sX DELETE --cacert %1$s/cluster.pem %2$s/api/v1/namespaces/shop/secrets/registry-credentials

      # Ask how it stands.
      curl -s http://%4$s/status

    Ctrl-C stops it.
    """
        .formatted(
            directory,
            cluster,
            registry,
            daemon,
            VaultContent.account(VaultContent.USERNAME, "second-tide").strip(),
            VaultContent.USERNAME,
            VaultContent.account("acme+puller", "mistyped").strip());
  }
}
