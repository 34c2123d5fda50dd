package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.account;
import static dev.tidewaiter.target.kubernetes.Daemon.credential;
import static dev.tidewaiter.target.kubernetes.Daemon.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.StillNamed;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// On a real API server, with the rights of the shipped manifest.
class KubernetesTargetIT extends KubernetesTargetScenario {
  private final Map<String, String> denials = new TreeMap<>();

  @Test
  void createsAPullSecretAndFindsItAsDeclaredAlsoAfterARestart() throws TargetException {
    String namespace = server.createNamespace("shop");
    var entries = Map.of("quay.io", credential("first"), "other.example", credential("second"));

    assertThat(daemon.create(namespace, entries)).isEqualTo(new Outcome.Applied());

    var declared =
        new ObservedField(daemon.sealed(namespace, "quay.io", credential("first")), true);
    assertThat(daemon.observed(secret(namespace)).holding()).isEqualTo(new Holding.Ours());
    assertThat(daemon.observed(secret(namespace)).fields())
        .containsOnlyKeys("auths/quay.io", "auths/other.example")
        .containsEntry("auths/quay.io", declared);
    restart();
    var again = new ObservedField(daemon.sealed(namespace, "quay.io", credential("first")), true);
    assertThat(daemon.observed(secret(namespace)).fields()).containsEntry("auths/quay.io", again);
    assertThat(daemon.target().environments()).containsExactly(ENVIRONMENT);
  }

  @Test
  void rotatesInPlaceAndKeepsEntriesThatAreNotNamed() {
    String namespace = server.createNamespace("shop");
    daemon.create(
        namespace, Map.of("quay.io", credential("old"), "other.example", credential("withheld")));
    String uid = read(namespace).getMetadata().getUid();

    assertThat(daemon.set(namespace, Map.of("quay.io", credential("new"))))
        .isEqualTo(new Outcome.Applied());

    assertThat(read(namespace).getMetadata().getUid()).isEqualTo(uid);
    assertThat(content(namespace)).contains("\"new\"", "\"withheld\"").doesNotContain("\"old\"");
    assertThat(daemon.drop(namespace, "other.example")).isEqualTo(new Outcome.Applied());
    assertThat(content(namespace)).doesNotContain("other.example").contains("quay.io");
  }

  @Test
  void writesNothingThatIsAlreadyAsDeclared() {
    String namespace = server.createNamespace("shop", "default");
    daemon.create(namespace, Map.of("quay.io", credential("same")));
    daemon.link(namespace, "default");
    String version = read(namespace).getMetadata().getResourceVersion();
    int line = server.audit().size();

    assertThat(daemon.set(namespace, Map.of("quay.io", credential("same"))))
        .isInstanceOf(Outcome.Unchanged.class);
    assertThat(daemon.link(namespace, "default")).isInstanceOf(Outcome.Unchanged.class);

    assertThat(read(namespace).getMetadata().getResourceVersion()).isEqualTo(version);
    assertThat(server.writesSince(line, Daemon.USER)).isZero();
  }

  @Test
  void tellsOfDriftWithinASecondAndNotOfItsOwnWrites() throws TargetException {
    String namespace = server.createNamespace("shop", "default");
    daemon.observed(account(namespace, "default"));
    Await.until(LIMIT, () -> assertThat(eventsIn(namespace)).hasSize(2));
    daemon.create(namespace, Map.of("quay.io", credential("x")));
    daemon.link(namespace, "default");
    daemon.set(namespace, Map.of("quay.io", credential("y")));
    assertThat(eventsIn(namespace))
        .containsExactlyInAnyOrder("namespace appeared", "ServiceAccount appeared");

    server.admin().secrets().inNamespace(namespace).withName(NAME).delete();

    Duration taken =
        Await.until(LIMIT, () -> assertThat(eventsIn(namespace)).contains("Secret deleted"));
    assertThat(taken).isLessThan(Duration.ofSeconds(1));
    assertThat(eventsIn(namespace)).doesNotContain("Secret changed");
    edit(namespace, List.of());
    Await.until(LIMIT, () -> assertThat(eventsIn(namespace)).contains("ServiceAccount changed"));
    assertThat(daemon.observed(account(namespace, "default")).fields())
        .containsOnlyKeys("imagePullSecrets/" + NAME);
  }

  @Test
  void describesNamespaces() throws TargetException {
    String name = KubeApiServer.uniqueName("project");
    server.createNamespace(
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels("team", "payments")
            .addToAnnotations("field.cattle.io/projectId", "c-abc12:p-xyz34")
            .endMetadata(),
        "default",
        "builder");

    Await.until(
        LIMIT,
        () -> {
          Surroundings.Namespace seen = seen(daemon, name);
          assertThat(seen.labels()).containsEntry("team", "payments");
          assertThat(seen.projectId()).isEqualTo("c-abc12:p-xyz34");
          assertThat(seen.serviceAccounts()).containsExactly("builder", "default");
          assertThat(seen.terminating()).isFalse();
          assertThat(seen.ownedBy()).isEmpty();
        });
  }

  @Test
  void keepsASecretThatAPodNamesForADay() throws TargetException {
    String namespace = server.createNamespace("shop", "default");
    daemon.create(namespace, Map.of("quay.io", credential("x")));
    Set<ResourceId> candidates = Set.of(secret(namespace));
    assertThat(daemon.target().lingering(ENVIRONMENT, candidates)).isEqualTo(StillNamed.NONE);
    pod(namespace);
    var named = new StillNamed(candidates, Map.of());
    daemon.target().retire(ENVIRONMENT, candidates);

    assertThat(read(namespace).getMetadata().getAnnotations())
        .containsEntry("tidewaiter.dev/retired-at", "2026-01-01T00:00:00Z");
    daemon.pass(Duration.ofHours(23));
    daemon.target().retire(ENVIRONMENT, candidates);
    assertThat(daemon.target().lingering(ENVIRONMENT, candidates)).isEqualTo(named);
    daemon.pass(Duration.ofHours(2));
    assertThat(daemon.target().lingering(ENVIRONMENT, candidates)).isEqualTo(StillNamed.NONE);
    daemon.target().prepare(ENVIRONMENT, candidates);
    assertThat(read(namespace).getMetadata().getAnnotations())
        .doesNotContainKey("tidewaiter.dev/retired-at");
  }

  @Test
  void askingWhoNamesASecretWritesNothing() {
    String namespace = server.createNamespace("shop", "default");
    daemon.create(namespace, Map.of("quay.io", credential("x")));
    pod(namespace);
    int line = server.audit().size();

    assertThat(daemon.target().lingering(ENVIRONMENT, Set.of(secret(namespace))).named())
        .containsExactly(secret(namespace));

    assertThat(server.writesSince(line, Daemon.USER)).isZero();
  }

  @Test
  void writesTheNameDownBeforehandAndForgetsItWithTheLastSecret() throws TargetException {
    String namespace = server.createNamespace("shop");
    assertThat(inventory()).containsEntry(NAME, ENVIRONMENT);
    daemon.create(namespace, Map.of("quay.io", credential("x")));

    daemon.target().prepare(ENVIRONMENT, Set.of());
    assertThat(inventory()).containsEntry(NAME, ENVIRONMENT);
    assertThat(daemon.prune(namespace)).isEqualTo(new Outcome.Applied());

    assertThat(read(namespace)).isNull();
    assertThat(inventory()).isEmpty();
    assertThat(daemon.prune(namespace)).isEqualTo(new Outcome.Applied());
  }

  @Test
  void saysWhereItMayNotLook() throws TargetException {
    var id = new ResourceId(ResourceKind.PULL_SECRET, "default", "not-in-the-manifest");

    assertThat(allowed(ENVIRONMENT, Set.of(id)))
        .extracting(ObservedResource::id)
        .doesNotContain(id);
    assertThat(denials)
        .containsExactly(
            Map.entry(
                "not-in-the-manifest",
                "cluster/testbed: cannot list secrets named not-in-the-manifest: answered 403"
                    + " Forbidden."));
  }

  @Test
  void aNameThatIsDeniedHoldsUpNoOtherAndIsNotCreated() throws TargetException {
    String namespace = server.createNamespace("shop");
    var denied = new ResourceId(ResourceKind.PULL_SECRET, namespace, "not-in-the-manifest");
    Set<ResourceId> desired = Set.of(secret(namespace), denied);

    daemon.target().prepare(ENVIRONMENT, desired);
    daemon.create(namespace, Map.of("quay.io", credential("x")));
    daemon.observed(secret(namespace));

    assertThat(allowed(ENVIRONMENT, desired))
        .extracting(ObservedResource::id)
        .contains(secret(namespace));
    assertThat(denials)
        .containsExactly(
            Map.entry(
                "not-in-the-manifest",
                "cluster/testbed: cannot list secrets named not-in-the-manifest: answered 403"
                    + " Forbidden."));
    // RBAC cannot limit the verb to names: the API server would take it.
    assertThat(create(denied))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(Outcome.FailureReason.AccessDenied);
              assertThat(failed.detail()).contains("not-in-the-manifest", "resourceNames");
            });
    assertThat(live(denied)).isNull();
    // A name that may not be looked at is not written down.
    assertThat(inventory()).containsOnlyKeys(NAME);
    assertThat(daemon.target().surroundings()).isNotNull();
  }

  @Test
  void nothingIsCreatedUnderANameBeforeItIsWrittenDown() throws TargetException {
    String namespace = server.createNamespace("shop");
    String name = KubeApiServer.uniqueName("granted-later");
    var id = new ResourceId(ResourceKind.PULL_SECRET, namespace, name);
    daemon.target().prepare(ENVIRONMENT, Set.of(id));

    server.applyRbac(name);
    Await.until(
        LIMIT,
        () -> {
          assertThat(allowed(ENVIRONMENT, Set.of(id))).isEmpty();
          assertThat(denials).isEmpty();
        });

    assertThat(create(id)).isInstanceOf(Outcome.Failed.class);
    assertThat(live(id)).isNull();
    daemon.target().prepare(ENVIRONMENT, Set.of(id));
    assertThat(inventory()).containsKey(name);
    assertThat(create(id)).isEqualTo(new Outcome.Applied());
    assertThat(live(id)).isNotNull();
  }

  @Test
  void aNameThatIsWithdrawnByRbacIsNeitherSeenNorForgotten() throws TargetException {
    String namespace = server.createNamespace("shop", "default");
    String name = KubeApiServer.uniqueName("withdrawn");
    var id = new ResourceId(ResourceKind.PULL_SECRET, namespace, name);
    server.applyRbac(name);
    daemon.target().prepare("other", Set.of(id));
    daemon.create(namespace, Map.of("quay.io", credential("x")));

    server.applyRbac();
    restart();

    Await.until(
        LIMIT,
        () -> {
          assertThat(allowed("other", Set.of())).isEmpty();
          assertThat(denials).containsOnlyKeys(name);
        });
    daemon.target().prepare("other", Set.of());
    assertThat(inventory()).containsEntry(name, "other");
    assertThat(allowed(ENVIRONMENT, Set.of(secret(namespace))))
        .extracting(resource -> resource.id())
        .contains(secret(namespace));
    // What is not seen may be theirs: nobody takes their place.
    assertThat(seen(daemon, namespace).ownedBy()).containsExactly("other", ENVIRONMENT);
    assertThat(daemon.target().environments()).containsExactly("other", ENVIRONMENT);
  }

  private List<ObservedResource> allowed(String environment, Set<ResourceId> desired)
      throws TargetException {
    denials.clear();
    return daemon.target().observe(environment, desired, denials::put);
  }

  private Outcome create(ResourceId id) {
    var fields = new TreeMap<String, FieldValue>();
    fields.put("auths/quay.io", new FieldValue.Plain("sealed"));
    return daemon
        .target()
        .apply(
            ENVIRONMENT,
            new Change.Create(id, fields),
            (_, _) -> new Payload.Auth(credential("x")));
  }

  private @Nullable Secret live(ResourceId id) {
    return server.admin().secrets().inNamespace(id.scope()).withName(id.name()).get();
  }

  private void restart() {
    daemon.close();
    daemon = Daemon.open(server, instance);
  }

  private Map<String, String> inventory() {
    var map =
        server
            .admin()
            .configMaps()
            .inNamespace("tidewaiter-system")
            .withName("tidewaiter-" + instance)
            .get();
    return map == null ? Map.of() : map.getData();
  }

  private void pod(String namespace) {
    server
        .admin()
        .pods()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .addNewImagePullSecret(NAME)
                .addNewContainer()
                .withName("web")
                .withImage("quay.io/acme/web:1")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }
}
