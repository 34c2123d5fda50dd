package dev.tidewaiter.endtoend;

import dev.tidewaiter.testbed.KubeApiServer;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The namespaces of one test, and what is in them, seen and edited as an administrator. A selector
/// by the label `tenant` selects them, and no other test's.
final class Tenants {
  static final String SECRET = "registry-credentials";
  static final String DATA = ".dockerconfigjson";

  private static final String MARKS = "tidewaiter.dev/";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String name = KubeApiServer.uniqueName("tenant");
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<String> namespaces = new ArrayList<>();

  /// The value of the label `tenant` of all of them.
  String name() {
    return name;
  }

  /// Creates a namespace with ServiceAccounts.
  ///
  /// @return its name
  String add(String... accounts) {
    String namespace = name + "-" + numbers.incrementAndGet();
    Servers.cluster()
        .createNamespace(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("tenant", name)
                .endMetadata(),
            accounts);
    namespaces.add(namespace);
    return namespace;
  }

  List<String> all() {
    return List.copyOf(namespaces);
  }

  void addAccount(String namespace, String account) {
    admin()
        .serviceAccounts()
        .inNamespace(namespace)
        .resource(
            new ServiceAccountBuilder().withNewMetadata().withName(account).endMetadata().build())
        .create();
  }

  /// The pull Secret of a namespace, whoever wrote it.
  Resource<Secret> secret(String namespace) {
    return admin().secrets().inNamespace(namespace).withName(SECRET);
  }

  Resource<ServiceAccount> account(String namespace, String account) {
    return admin().serviceAccounts().inNamespace(namespace).withName(account);
  }

  String uid(String namespace) {
    return live(namespace).getMetadata().getUid();
  }

  /// Passwords by `auths` key, none if there is no pull Secret.
  Map<String, String> passwords(String namespace) {
    @Nullable Secret secret = secret(namespace).get();
    var passwords = new TreeMap<String, String>();
    if (secret != null) {
      for (var entry : JSON.readTree(content(secret)).path("auths").properties()) {
        passwords.put(entry.getKey(), password(entry.getValue()));
      }
    }
    return passwords;
  }

  // Both forms of a credential must say the same.
  private static String password(JsonNode entry) {
    String password = entry.path("password").asString();
    String both = entry.path("username").asString() + ":" + password;
    String auth = Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    return auth.equals(entry.path("auth").asString()) ? password : "auth says something else";
  }

  static String content(Secret secret) {
    byte[] bytes = Base64.getDecoder().decode(secret.getData().get(DATA));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Writes a docker configuration as somebody else would.
  Secret writeForeign(String namespace, String content, Map<String, String> annotations) {
    return admin()
        .secrets()
        .inNamespace(namespace)
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(SECRET)
                .withAnnotations(annotations)
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToData(DATA, base64(content))
                .build())
        .create();
  }

  /// Overwrites the content of the pull Secret.
  void edit(String namespace, String content) {
    secret(namespace)
        .edit(secret -> new SecretBuilder(secret).addToData(DATA, base64(content)).build());
  }

  /// The names in `imagePullSecrets`.
  List<String> entries(String namespace, String account) {
    @Nullable ServiceAccount live = account(namespace, account).get();
    return live == null ? List.of() : entries(live);
  }

  static List<String> entries(ServiceAccount live) {
    return live.getImagePullSecrets() == null
        ? List.of()
        : live.getImagePullSecrets().stream().map(LocalObjectReference::getName).toList();
  }

  void setEntries(String namespace, String account, List<String> names) {
    account(namespace, account).edit(live -> withEntries(live, names));
  }

  static ServiceAccount withEntries(ServiceAccount live, List<String> names) {
    return new ServiceAccountBuilder(live)
        .withImagePullSecrets(names.stream().map(LocalObjectReference::new).toList())
        .build();
  }

  /// What is left of the product in these namespaces: objects with a mark of it, and entries.
  List<String> traces() {
    var traces = new ArrayList<String>();
    for (String namespace : namespaces) {
      for (Secret secret : admin().secrets().inNamespace(namespace).list().getItems()) {
        if (secret.toString().contains(MARKS)) {
          traces.add(namespace + "/Secret/" + secret.getMetadata().getName());
        }
      }
      for (var account : admin().serviceAccounts().inNamespace(namespace).list().getItems()) {
        if (account.toString().contains(MARKS) || account.toString().contains(SECRET)) {
          traces.add(namespace + "/ServiceAccount/" + account.getMetadata().getName());
        }
      }
    }
    return traces;
  }

  /// The pull Secret of a namespace.
  Secret live(String namespace) {
    @Nullable Secret secret = secret(namespace).get();
    if (secret == null) {
      throw new AssertionError("no pull Secret in " + namespace);
    }
    return secret;
  }

  private static KubernetesClient admin() {
    return Servers.cluster().admin();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
