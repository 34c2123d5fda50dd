package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// One instance that serves a namespace of the cluster and a host, and what is there of it.
///
/// Each registry has all that can be withdrawn: a credential, an authority, a client certificate
/// and an insecure mark. The namespace and the host have the labels `tenant` and `stage`, which
/// environments select by.
final class ClusterAndHost implements AutoCloseable {
  private final HostDirectory host;
  private final Tenants tenants;
  private final String namespace;
  private final Deployment deployment;

  // By registry, and by the name that a file has in `certs.d`.
  private final Map<String, Map<String, String>> certificates = new TreeMap<>();

  private ClusterAndHost(HostDirectory host, Tenants tenants, String namespace) {
    this.host = host;
    this.tenants = tenants;
    this.namespace = namespace;
    this.deployment =
        Deployment.with(
            host.root().resolveSibling("instances"),
            Map.of(
                "host",
                "host: {root: %s, labels: {tenant: %2$s, stage: %2$s}}"
                    .formatted(host.root(), tenants.name())));
  }

  static ClusterAndHost create(Path directory) {
    var tenants = new Tenants();
    String namespace = tenants.add("default");
    Servers.cluster()
        .admin()
        .namespaces()
        .withName(namespace)
        .edit(
            live ->
                new NamespaceBuilder(live)
                    .editMetadata()
                    .addToLabels("stage", tenants.name())
                    .endMetadata()
                    .build());
    return new ClusterAndHost(HostDirectory.create(directory), tenants, namespace);
  }

  /// Another instance for the same namespace and the same host.
  ClusterAndHost another() {
    return new ClusterAndHost(host, tenants, namespace);
  }

  Deployment deployment() {
    return deployment;
  }

  Tenants tenants() {
    return tenants;
  }

  String namespace() {
    return namespace;
  }

  HostDirectory host() {
    return host;
  }

  /// Declares an active registry, and writes what is secret of it into Vault.
  ClusterAndHost registry(String name, String address) {
    fillVault(name);
    deployment
        .repository()
        .write(
            path(name),
            """
            apiVersion: tidewaiter.dev/v1
            kind: Registry
            metadata: {name: %1$s}
            spec:
              address: %2$s
              state: Active
              credential:
                basic:
                  username: puller-of-%1$s
                  password: {vault: {path: %3$s, key: password}}
              tls:
                ca: {vault: {path: %3$s, key: ca.crt}}
                clientCertificate:
                  cert: {vault: {path: %3$s, key: client.cert}}
                  key: {vault: {path: %3$s, key: client.key}}
                insecure: true
              verify: {credential: Never}
            """
                .formatted(name, address, deployment.path(name)));
    return this;
  }

  private void fillVault(String name) {
    try {
      var authority =
          TestCertificates.create(Files.createDirectories(deployment.directory().resolve(name)));
      TestCertificates.Issued client = authority.client("builder");
      var files =
          Map.of(
              "ca.crt", Files.readString(authority.ca()),
              "client.cert", Files.readString(client.certificate()),
              "client.key", Files.readString(client.key()));
      var secret = new HashMap<String, Object>(files);
      secret.put("password", "password-of-" + name);
      Servers.vault().writeKv2(deployment.path(name), secret);
      certificates.put(name, files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String path(String registry) {
    return "registries/" + registry + ".yaml";
  }

  /// Writes one word of a registry's declaration anew.
  ClusterAndHost edit(String registry, String from, String to) {
    try {
      String before = Files.readString(deployment.repository().work().resolve(path(registry)));
      assertThat(before).contains(from);
      deployment.repository().write(path(registry), before.replace(from, to));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ClusterAndHost delete(String registry) {
    deployment.repository().delete(path(registry));
    return this;
  }

  /// Declares the environment `production`, by the label `tenant`.
  ClusterAndHost production(String... registries) {
    return environment("production", "tenant", "Active", registries);
  }

  /// @param label by which it selects namespaces and hosts
  ClusterAndHost environment(String name, String label, String state, String... registries) {
    deployment
        .repository()
        .write(
            "environments/" + name + ".yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: %1$s}
            spec:
              state: %2$s
              registries: %3$s
              namespaces: {selector: {matchLabels: {%4$s: %5$s}}}
              serviceAccounts: {names: [default]}
              hosts:
                selector: {matchLabels: {%4$s: %5$s}}
                runtimes: [docker]
                credentials: {users: [builder]}
                unsupported: Accept   # an inactive registry is not denied without an allow-list
            """
                .formatted(name, state, List.of(registries), label, tenants.name()));
    return this;
  }

  /// Commits, and waits until that is there.
  void commitReady(String message) {
    deployment.commit(message);
    deployment.awaitReady();
  }

  /// Waits until a condition is reported on the cluster and on the host.
  void awaitOnBoth(String reason, String text) {
    Await.until(
        Deployment.LIMIT,
        () ->
            assertThat(deployment.status().path("targets"))
                .hasSize(2)
                .allSatisfy(
                    target ->
                        assertThat(messages(target, reason))
                            .as(target.toPrettyString())
                            .anyMatch(message -> message.contains(text))));
  }

  private static List<String> messages(JsonNode target, String reason) {
    var messages = new ArrayList<String>();
    for (JsonNode conditions : target.findValues("conditions")) {
      for (JsonNode condition : conditions) {
        if (condition.path("reason").asString().equals(reason)) {
          messages.add(condition.path("message").asString());
        }
      }
    }
    return messages;
  }

  /// Whether exactly these give access, with all that they have, in the namespace and on the host.
  ///
  /// @param serving registries by address
  void assertServed(Map<String, String> serving) {
    var passwords = new TreeMap<String, String>();
    var files = new TreeMap<String, String>();
    serving.forEach(
        (address, registry) -> {
          passwords.put(address, "password-of-" + registry);
          certificates
              .getOrDefault(registry, Map.of())
              .forEach((file, text) -> files.put(address + "/" + file, text));
        });
    assertThat(tenants.passwords(namespace)).isEqualTo(passwords);
    assertThat(tenants.entries(namespace, "default")).containsExactly(Tenants.SECRET);
    assertThat(host.passwords()).isEqualTo(passwords);
    assertThat(host.insecure()).isEqualTo(serving.keySet());
    assertThat(host.certificates()).isEqualTo(files);
  }

  @Override
  public void close() {
    deployment.close();
  }
}
