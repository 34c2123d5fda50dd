package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.credential;
import static dev.tidewaiter.target.kubernetes.Daemon.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.Observing;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every way in which a namespace can refuse a pull Secret, on a real API server.
class RefusalsIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final KubeApiServer server = KubeApiServer.shared();
  private final Daemon daemon = Daemon.open(server, KubeApiServer.uniqueName("instance"));

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  void aQuotaThatIsUsedUp() {
    String namespace = server.createNamespace("full");
    var none = Map.of("count/secrets", new Quantity("0"));
    var quota =
        server
            .admin()
            .resourceQuotas()
            .resource(
                new ResourceQuotaBuilder()
                    .withNewMetadata()
                    .withName("none")
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .withHard(none)
                    .endSpec()
                    .build())
            .create();
    // What the controller manager would do.
    quota.setStatus(
        new io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder()
            .withHard(none)
            .withUsed(none)
            .build());
    server.admin().resourceQuotas().resource(quota).updateStatus();

    Await.until(
        LIMIT,
        () -> {
          assertThat(reason(daemon.create(namespace, Map.of("quay.io", credential("x")))))
              .isEqualTo(FailureReason.QuotaExceeded);
        });
  }

  @Test
  void anImmutableSecret() {
    String namespace = server.createNamespace("frozen");
    daemon.create(namespace, Map.of("quay.io", credential("old")));
    Secret before =
        server
            .admin()
            .secrets()
            .inNamespace(namespace)
            .withName(NAME)
            .edit(secret -> new SecretBuilder(secret).withImmutable(true).build());

    assertThat(reason(daemon.set(namespace, Map.of("quay.io", credential("new")))))
        .isEqualTo(FailureReason.Immutable);

    Secret after = server.admin().secrets().inNamespace(namespace).withName(NAME).get();
    assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(after.getData()).isEqualTo(before.getData());
  }

  @Test
  void anotherTypeInOurPlace() throws TargetException {
    String namespace = server.createNamespace("opaque");
    server
        .admin()
        .secrets()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .addToAnnotations("tidewaiter.dev/adopt", "replace")
                .endMetadata()
                .withType("Opaque")
                .build())
        .create();

    Await.until(
        LIMIT,
        () ->
            assertThat(daemon.observed(secret(namespace)).holding())
                .isInstanceOfSatisfying(
                    Holding.Foreign.class,
                    foreign -> {
                      assertThat(foreign.adoption()).isEqualTo(Holding.Adoption.FORBIDDEN);
                      assertThat(foreign.description()).startsWith("a Secret of type Opaque");
                    }));
    assertThat(reason(daemon.adopt(namespace, Map.of("quay.io", credential("x")))))
        .isEqualTo(FailureReason.Conflict);
  }

  @Test
  void tooLargeForASecretBeforeItIsSent() {
    String namespace = server.createNamespace("large");
    String long_ = "x".repeat(1000);
    var entries =
        IntStream.range(0, 400)
            .boxed()
            .collect(Collectors.toMap(i -> "r" + i + ".example", _ -> credential(long_)));
    int line = server.audit().size();

    assertThat(daemon.create(namespace, entries))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(FailureReason.TooLarge);
              assertThat(failed.detail()).contains("PerRegistry");
            });
    assertThat(server.writesSince(line, Daemon.USER)).isZero();
  }

  @Test
  void aNamespaceThatIsTerminating() throws TargetException {
    String namespace = server.createNamespace("leaving", "default");
    daemon.observed(Daemon.account(namespace, "default"));
    // Without a controller manager it stays so for ever.
    server.admin().namespaces().withName(namespace).delete();

    assertThat(daemon.create(namespace, Map.of("quay.io", credential("x"))))
        .isEqualTo(new Outcome.Unchanged("the namespace is terminating"));
    Await.until(
        LIMIT,
        () ->
            assertThat(
                    Observing.all(
                        daemon.target(), ENVIRONMENT, Set.of(Daemon.account(namespace, "default"))))
                .isEmpty());
  }

  @Test
  void aNamespaceThatIsGone() {
    assertThat(daemon.create("not-there", Map.of("quay.io", credential("x"))))
        .isInstanceOf(Outcome.Unchanged.class);
    assertThat(daemon.link("not-there", "default")).isInstanceOf(Outcome.Unchanged.class);
  }

  @Test
  void aNameThatTheManifestDoesNotGrant() {
    var id = new ResourceId(ResourceKind.PULL_SECRET, "default", "not-in-the-manifest");

    Outcome outcome = daemon.target().apply(ENVIRONMENT, new Change.Prune(id), (_, _) -> null);

    assertThat(outcome)
        .isEqualTo(
            new Outcome.Failed(
                FailureReason.AccessDenied,
                "get secrets in namespace default: answered 403 Forbidden.",
                null));
  }

  private static Object reason(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed ? failed.reason() : outcome;
  }
}
