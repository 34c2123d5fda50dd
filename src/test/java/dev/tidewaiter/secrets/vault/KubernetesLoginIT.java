package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.VaultServer;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The login with a ServiceAccount's token, which the real Vault has the real API server review.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesLoginIT {
  private static final String ACCOUNT = "tidewaiter";

  @TempDir Path directory;
  private KubeApiServer cluster;
  private VaultServer vault;
  private String namespace;

  private Surroundings with;

  @BeforeAll
  void start(@TempDir Path logs) throws IOException {
    cluster = KubeApiServer.shared();
    vault = VaultServer.start(logs);
    vault.policy("shop", "path \"secret/data/shop/*\" { capabilities = [\"read\"] }");
    vault.writeKv2("secret/shop/quay", Map.of("password", Canary.VALUE));
    vault.enableLogin(
        "kubernetes",
        Map.of(
            "kubernetes_host",
            "https://127.0.0.1:" + cluster.port(),
            "kubernetes_ca_cert",
            Files.readString(cluster.authority()),
            "token_reviewer_jwt",
            reviewer(),
            "disable_local_ca_jwt",
            true));
  }

  @AfterAll
  void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  @BeforeEach
  void createAccount() {
    with = new Surroundings(directory);
    namespace = cluster.createNamespace("vault-login", ACCOUNT, "other");
    vault.write(
        "auth/kubernetes/role/tidewaiter",
        Map.of(
            "bound_service_account_names",
            ACCOUNT,
            "bound_service_account_namespaces",
            namespace,
            "token_policies",
            "shop",
            "token_ttl",
            "1h"));
  }

  @AfterEach
  void close() {
    with.close();
  }

  @Test
  void logsInWithTheTokenOfThePodsServiceAccount() {
    assertFound(resolver("tidewaiter", ACCOUNT));
  }

  @Test
  void saysWhichRoleIsWrong() {
    assertRefused(resolver("no-such-role", ACCOUNT), "role `no-such-role` exists");
  }

  @Test
  void isRefusedAsAServiceAccountThatTheRoleIsNotBoundTo() {
    assertRefused(resolver("tidewaiter", "other"), "bound to the ServiceAccount");
  }

  @Test
  void isRefusedOnceTheServiceAccountIsDeletedAndTakesTheTokenOfANewOne() {
    var resolver = resolver("tidewaiter", ACCOUNT);
    assertFound(resolver);

    cluster.admin().serviceAccounts().inNamespace(namespace).withName(ACCOUNT).delete();
    // The API server remembers for ten seconds that a token was good.
    Await.until(
        Duration.ofSeconds(40),
        () -> {
          vault.revokeLoginsAt("kubernetes");
          assertRefused(resolver, "the ServiceAccount still exists");
        });

    createServiceAccount();
    with.write("pod-token", token(ACCOUNT));
    assertFound(resolver);
  }

  @Test
  void readsTheRotatedTokenAtTheNextLogin() {
    var resolver = resolver("tidewaiter", ACCOUNT);
    assertFound(resolver);

    with.write("pod-token", "no.token.any.more");
    assertFound(resolver);
    with.putForward(Duration.ofMinutes(70));
    assertRefused(resolver, "refused the Kubernetes login");

    with.write("pod-token", token(ACCOUNT));
    assertFound(resolver);
  }

  @Test
  void saysWhenTheTokenIsNotMounted() {
    var login = new Login.Kubernetes("kubernetes", "tidewaiter", directory.resolve("unmounted"));
    assertRefused(with.resolver(vault.address(), login), "unmounted cannot be read");
  }

  private VaultSecretResolver resolver(String role, String account) {
    Path file = with.write("pod-token", token(account));
    return with.resolver(vault.address(), new Login.Kubernetes("kubernetes", role, file));
  }

  private String token(String account) {
    return with.canary.guard(cluster.token(namespace, account));
  }

  private void assertFound(VaultSecretResolver resolver) {
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);
  }

  private void assertRefused(VaultSecretResolver resolver, String why) {
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains(why);
  }

  private void createServiceAccount() {
    cluster
        .admin()
        .serviceAccounts()
        .inNamespace(namespace)
        .resource(
            new ServiceAccountBuilder().withNewMetadata().withName(ACCOUNT).endMetadata().build())
        .create();
  }

  /// The token with which Vault asks for reviews.
  private String reviewer() {
    String home = cluster.createNamespace("vault", "reviewer");
    String binding =
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: %s-reviews-tokens}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: system:auth-delegator
        subjects: [{kind: ServiceAccount, name: reviewer, namespace: %s}]
        """
            .formatted(home, home);
    cluster.admin().resource(binding).create();
    awaitReviews("system:serviceaccount:" + home + ":reviewer");
    return cluster.token(home, "reviewer");
  }

  /// The API server learns of a binding by a watch of its own, a moment after it was made.
  private void awaitReviews(String user) {
    var question =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user)
            .withNewResourceAttributes()
            .withGroup("authentication.k8s.io")
            .withResource("tokenreviews")
            .withVerb("create")
            .endResourceAttributes()
            .endSpec()
            .build();
    Await.untilTrue(
        Duration.ofSeconds(10),
        user + " may create TokenReviews",
        () -> cluster.admin().resource(question).create().getStatus().getAllowed());
  }
}
