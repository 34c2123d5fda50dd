package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidewaiter.target.ExistingPullSecret;
import dev.tidewaiter.target.ExistingPullSecret.Form;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.ClusterSettings.Access;
import dev.tidewaiter.testbed.KubeApiServer;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPullSecretsIT {
  private static final String JSON = "kubernetes.io/dockerconfigjson";
  private static final String CONTENT = "{\"auths\":{}}";

  private final KubeApiServer server = KubeApiServer.shared();
  private final String one = server.createNamespace("pull-secrets");
  private final String other = server.createNamespace("pull-secrets");

  @Test
  void findsBothFormsInAllNamespacesPageByPage() throws TargetException {
    for (int i = 0; i < 5; i++) {
      create(one, "new-" + i, JSON, ".dockerconfigjson", Map.of());
    }
    create(other, "old", "kubernetes.io/dockercfg", ".dockercfg", Map.of());
    create(other, "must-not-be-read", "Opaque", "password", Map.of());
    assertThat(find(List.of(one, other), 2))
        .extracting(ExistingPullSecret::name)
        .containsExactly("new-0", "new-1", "new-2", "new-3", "new-4", "old");
    assertThat(find(List.of(), 3))
        .filteredOn(secret -> List.of(one, other).contains(secret.namespace()))
        .hasSize(6)
        .allMatch(secret -> secret.content().reveal().equals(CONTENT))
        .filteredOn(secret -> secret.form() == Form.DOCKER_CFG)
        .extracting(ExistingPullSecret::name)
        .containsExactly("old");
  }

  @Test
  void saysWhoWritesOneAnew() throws TargetException {
    create(one, "nobodys", JSON, ".dockerconfigjson", Map.of());
    create(
        one,
        "of-openshift",
        JSON,
        ".dockerconfigjson",
        Map.of("openshift.io/internal-registry-auth-token.service-account", "default"));
    create(one, "ours", JSON, ".dockerconfigjson", Map.of(Marks.SELF, one + "/ours"));
    create(one, "a-copy-of-ours", JSON, ".dockerconfigjson", Map.of(Marks.SELF, other + "/ours"));
    assertThat(find(List.of(one), 500))
        .extracting(ExistingPullSecret::name, secret -> String.valueOf(secret.keeper()))
        .containsExactly(
            tuple("a-copy-of-ours", "null"),
            tuple("nobodys", "null"),
            tuple("of-openshift", "OpenShift"),
            tuple("ours", "tidewaiter"));
  }

  @Test
  void theDaemonsOwnRightsAreNotEnough(@TempDir Path directory) throws Exception {
    server.applyRbac();
    String token = "token: " + server.token("tidewaiter-system", "tidewaiter");
    Path kubeconfig =
        Files.writeString(directory.resolve("kubeconfig"), server.kubeconfig(server.port(), token));
    try (var source = source(kubeconfig, List.of(one), 500)) {
      assertThatThrownBy(source::find)
          .isInstanceOfSatisfying(
              TargetException.class, e -> assertThat(e.denied()).as("denied").isTrue())
          .hasMessage("cluster/test: cannot list secrets: answered 403 Forbidden.");
    }
  }

  private List<ExistingPullSecret> find(List<String> namespaces, int page) throws TargetException {
    Path admin = server.kubeconfig("admin", "CN=admin,O=system:masters");
    try (var source = source(admin, namespaces, page)) {
      return source.find();
    }
  }

  private static ClusterPullSecrets source(Path kubeconfig, List<String> namespaces, int page) {
    var settings =
        new ClusterSettings("test", new Access.Kubeconfig(kubeconfig, null), "import", null, null);
    var connection = new Connection(settings, Map.of(), Clock.systemUTC());
    return new ClusterPullSecrets("test", new Api(connection), namespaces, page);
  }

  private void create(
      String namespace, String name, String type, String key, Map<String, String> annotations) {
    byte[] content = CONTENT.getBytes(StandardCharsets.UTF_8);
    Map<String, String> labels =
        annotations.containsKey(Marks.SELF)
            ? Map.of(
                Marks.MANAGED_BY, Marks.TIDEWAITER, Marks.INSTANCE, "i", Marks.ENVIRONMENT, "e")
            : Map.of();
    server
        .admin()
        .secrets()
        .inNamespace(namespace)
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withAnnotations(annotations)
                .withLabels(labels)
                .endMetadata()
                .withType(type)
                .addToData(key, Base64.getEncoder().encodeToString(content))
                .build())
        .create();
  }
}
