package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.account;
import static dev.tidewaiter.target.kubernetes.Daemon.credential;
import static dev.tidewaiter.target.kubernetes.Daemon.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// On a real API server, with the rights of the shipped manifest.
class KubernetesTargetIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final FieldValue PRESENT = new FieldValue.Plain("present");

  private final KubeApiServer server = KubeApiServer.shared();
  private final String instance = KubeApiServer.uniqueName("instance");
  private Daemon daemon = Daemon.open(server, instance);

  @BeforeEach
  void prepare() throws TargetException {
    daemon.target().prepare(ENVIRONMENT, Set.of(secret("anywhere")));
  }

  @AfterEach
  void close() {
    daemon.close();
  }

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
  void putsOurEntryIntoAServiceAccountAndKeepsThoseOfOthers() throws TargetException {
    String namespace = server.createNamespace("shop", "default");
    edit(namespace, List.of("openshift-own"));

    assertThat(daemon.link(namespace, "default")).isEqualTo(new Outcome.Applied());

    assertThat(entries(namespace)).containsExactly("openshift-own", NAME);
    var fields = daemon.observed(account(namespace, "default")).fields();
    assertThat(fields)
        .containsEntry("imagePullSecrets/" + NAME, new ObservedField(PRESENT, true))
        .containsEntry("imagePullSecrets/openshift-own", new ObservedField(PRESENT, false));
    assertThat(daemon.unlink(namespace, "default")).isEqualTo(new Outcome.Applied());
    assertThat(entries(namespace)).containsExactly("openshift-own");
    assertThat(live(namespace).getMetadata().getAnnotations()).isNullOrEmpty();
  }

  @Test
  void leavesAnEntryThatSomebodyElseWrote() throws TargetException {
    String namespace = server.createNamespace("shop", "default");
    edit(namespace, List.of(NAME));

    assertThat(daemon.link(namespace, "default")).isInstanceOf(Outcome.Unchanged.class);
    assertThat(daemon.unlink(namespace, "default")).isInstanceOf(Outcome.Unchanged.class);

    assertThat(entries(namespace)).containsExactly(NAME);
    assertThat(daemon.observed(account(namespace, "default")).fields())
        .allSatisfy((_, field) -> assertThat(field.ours()).isFalse());
  }

  @Test
  void losesNoEntryBesideAnotherWriterOfTheSameServiceAccount() throws InterruptedException {
    String namespace = server.createNamespace("shop", "default");
    Thread other =
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < 30; i++) {
                addUntilAccepted(namespace, "theirs-" + i);
              }
            });
    for (int i = 0; i < 10; i++) {
      assertThat(daemon.link(namespace, "default")).isEqualTo(new Outcome.Applied());
      assertThat(daemon.unlink(namespace, "default")).isEqualTo(new Outcome.Applied());
    }
    assertThat(daemon.link(namespace, "default")).isEqualTo(new Outcome.Applied());
    other.join();

    assertThat(entries(namespace)).hasSize(31).contains(NAME, "theirs-0", "theirs-29");
  }

  @Test
  void takesACopyOfOurSecretForAStrangers() throws TargetException {
    String original = server.createNamespace("shop");
    String elsewhere = server.createNamespace("shop");
    daemon.create(original, Map.of("quay.io", credential("x")));
    Secret copy = read(original);
    copy.getMetadata().setNamespace(elsewhere);
    copy.getMetadata().setResourceVersion(null);
    copy.getMetadata().setUid(null);
    server.admin().secrets().resource(copy).create();

    Await.until(
        LIMIT,
        () ->
            assertThat(daemon.observed(secret(elsewhere)).holding())
                .isInstanceOf(Holding.Foreign.class));
    assertThat(reason(daemon.prune(elsewhere))).isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(read(elsewhere)).isNotNull();
    assertThat(daemon.target().observe(ENVIRONMENT, Set.of()))
        .extracting(resource -> resource.id().scope())
        .contains(original)
        .doesNotContain(elsewhere);
  }

  @Test
  void neitherOverwritesNorPrunesAForeignSecretInOurPlace() throws TargetException {
    String namespace = server.createNamespace("shop");
    foreign(namespace, Map.of());

    assertThat(reason(daemon.create(namespace, Map.of("quay.io", credential("ours")))))
        .isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(reason(daemon.set(namespace, Map.of("quay.io", credential("ours")))))
        .isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(reason(daemon.adopt(namespace, Map.of("quay.io", credential("ours")))))
        .isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(reason(daemon.prune(namespace))).isEqualTo(Outcome.FailureReason.Conflict);
    assertThat(content(namespace)).contains("theirs").doesNotContain("ours");
    assertThat(daemon.observed(secret(namespace)).holding())
        .isInstanceOfSatisfying(
            Holding.Foreign.class,
            foreign -> assertThat(foreign.adoption()).isEqualTo(Holding.Adoption.FORBIDDEN));
  }

  @Test
  void adoptsWhatItsOwnerAnnotatedInPlace() throws TargetException {
    for (String word : List.of("true", "replace")) {
      String namespace = server.createNamespace("shop");
      foreign(namespace, Map.of("tidewaiter.dev/adopt", word));
      String uid = read(namespace).getMetadata().getUid();

      assertThat(daemon.adopt(namespace, Map.of("quay.io", credential("ours"))))
          .isEqualTo(new Outcome.Applied());

      assertThat(daemon.observed(secret(namespace)).holding()).isEqualTo(new Holding.Ours());
      assertThat(read(namespace).getMetadata().getUid()).isEqualTo(uid);
      assertThat(content(namespace)).contains("ours");
    }
  }

  @Test
  void refusesAnotherInstancesAndAnotherEnvironmentsSecrets() throws TargetException {
    String namespace = server.createNamespace("shop");
    daemon.create(namespace, Map.of("quay.io", credential("x")));
    try (Daemon other = Daemon.open(server, KubeApiServer.uniqueName("instance"))) {
      assertThat(other.observed(secret(namespace)).holding())
          .isEqualTo(
              new Holding.Elsewhere("instance " + instance + ", environment " + ENVIRONMENT));
      assertThat(reason(other.prune(namespace))).isEqualTo(Outcome.FailureReason.Conflict);
      assertThat(other.target().environments()).isEmpty();
      assertThat(seen(other, namespace).ownedBy())
          .containsExactly("instance " + instance + ", environment " + ENVIRONMENT);
    }
    assertThat(seen(daemon, namespace).ownedBy()).containsExactly(ENVIRONMENT);
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
    assertThat(daemon.target().lingering(ENVIRONMENT, candidates)).isEmpty();
    pod(namespace);

    assertThat(daemon.target().lingering(ENVIRONMENT, candidates)).isEqualTo(candidates);
    assertThat(read(namespace).getMetadata().getAnnotations())
        .containsEntry("tidewaiter.dev/retired-at", "2026-01-01T00:00:00Z");
    daemon.pass(Duration.ofHours(25));
    assertThat(daemon.target().lingering(ENVIRONMENT, candidates)).isEmpty();
    daemon.target().prepare(ENVIRONMENT, candidates);
    assertThat(read(namespace).getMetadata().getAnnotations())
        .doesNotContainKey("tidewaiter.dev/retired-at");
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
  void doesNotPlanWhereItMayNotLook() {
    var id = new ResourceId(ResourceKind.PULL_SECRET, "default", "not-in-the-manifest");

    assertThatThrownBy(() -> daemon.target().observe(ENVIRONMENT, Set.of(id)))
        .isInstanceOfSatisfying(TargetException.class, e -> assertThat(e.denied()).isTrue())
        .hasMessage(
            "cluster/testbed: cannot list secrets named not-in-the-manifest: answered 403 Forbidden.");
  }

  @Test
  void anEnvironmentThatIsDeniedHoldsUpNoOther() throws TargetException {
    var denied = new ResourceId(ResourceKind.PULL_SECRET, "default", "not-in-the-manifest");

    assertThatThrownBy(() -> daemon.target().prepare("denied", Set.of(denied)))
        .isInstanceOf(TargetException.class);

    assertThat(inventory()).containsOnlyKeys(NAME);
    daemon.target().prepare(ENVIRONMENT, Set.of(secret("anywhere")));
    assertThat(daemon.target().observe(ENVIRONMENT, Set.of(secret("anywhere")))).isEmpty();
    assertThat(daemon.target().surroundings()).isNotNull();
  }

  @Test
  void namesTheOtherWriterAlsoAfterWeAnsweredIt() throws TargetException {
    String namespace = server.createNamespace("shop");
    // Of what was created with a name alone, the API server tracks no managers, ever.
    server
        .admin()
        .serviceAccounts()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(namespace)
                .addToLabels("team", "payments")
                .endMetadata()
                .build())
        .create();
    ResourceId account = account(namespace, "default");
    daemon.observed(account);
    daemon.create(namespace, Map.of("quay.io", credential("x")));
    daemon.link(namespace, "default");
    assertThat(daemon.target().otherWriter(account)).isEmpty();
    assertThat(daemon.target().otherWriter(secret(namespace))).isEmpty();

    // fabric8's own edit would send an empty `managedFields`, which takes every trace away.
    var merge = PatchContext.of(PatchType.JSON_MERGE);
    server
        .admin()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName("default")
        .patch(merge, "{\"imagePullSecrets\": [{\"name\": \"theirs\"}]}");
    server
        .admin()
        .secrets()
        .inNamespace(namespace)
        .withName(NAME)
        .patch(merge, "{\"data\": {\".dockerconfigjson\": \"e30=\"}}");
    Await.until(
        LIMIT,
        () -> assertThat(eventsIn(namespace)).contains("ServiceAccount changed", "Secret changed"));
    daemon.link(namespace, "default");
    daemon.set(namespace, Map.of("quay.io", credential("x")));

    assertThat(daemon.target().otherWriter(account)).hasValue("fabric8-kubernetes-client");
    assertThat(daemon.target().otherWriter(secret(namespace)))
        .hasValue("fabric8-kubernetes-client");
  }

  @Test
  void keepsWhatOpenShiftPutOnAServiceAccount() {
    String namespace = server.createNamespace("shop", "default");
    List<String> theirs = List.of("default-dockercfg-x7k2p", "zz", "default-dockercfg-x7k2p", "aa");
    edit(namespace, theirs);
    String reference = "openshift.io/internal-registry-pull-secret-ref";
    server
        .admin()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName("default")
        .edit(
            live ->
                new ServiceAccountBuilder(live)
                    .editMetadata()
                    .addToAnnotations(reference, "default-dockercfg-x7k2p")
                    .endMetadata()
                    .addNewSecret()
                    .withName("default-dockercfg-x7k2p")
                    .endSecret()
                    .build());

    assertThat(daemon.link(namespace, "default")).isEqualTo(new Outcome.Applied());
    assertThat(entries(namespace)).startsWith(theirs.toArray(String[]::new)).endsWith(NAME);
    assertThat(daemon.unlink(namespace, "default")).isEqualTo(new Outcome.Applied());

    assertThat(entries(namespace)).isEqualTo(theirs);
    assertThat(live(namespace).getMetadata().getAnnotations())
        .containsOnlyKeys(reference)
        .containsEntry(reference, "default-dockercfg-x7k2p");
    assertThat(live(namespace).getSecrets()).hasSize(1);
  }

  @Test
  void aNameThatIsWithdrawnByRbacConcernsOnlyTheEnvironmentsThatUseIt() throws TargetException {
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
        () ->
            assertThatThrownBy(() -> daemon.target().observe("other", Set.of(id)))
                .isInstanceOfSatisfying(
                    TargetException.class, e -> assertThat(e.denied()).isTrue()));
    assertThatThrownBy(() -> daemon.target().observe("other", Set.of()))
        .isInstanceOf(TargetException.class);
    assertThat(daemon.target().observe(ENVIRONMENT, Set.of(secret(namespace))))
        .extracting(resource -> resource.id())
        .contains(secret(namespace));
    // What is not seen may be theirs: nobody takes their place.
    assertThat(seen(daemon, namespace).ownedBy()).containsExactly("other", ENVIRONMENT);
    assertThat(daemon.target().environments()).containsExactly("other", ENVIRONMENT);
  }

  @Test
  void touchesNoConfigMapThatIsNotOurs() {
    String stranger = KubeApiServer.uniqueName("instance");
    server
        .admin()
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("tidewaiter-" + stranger)
                .withNamespace("tidewaiter-system")
                .endMetadata()
                .build())
        .create();
    try (Daemon other = Daemon.open(server, stranger)) {
      assertThatThrownBy(() -> other.target().prepare(ENVIRONMENT, Set.of(secret("anywhere"))))
          .isInstanceOf(TargetException.class)
          .hasMessageContaining("is not ours");
    }
  }

  @Test
  void releasesWithoutTouchingTheContent() throws TargetException {
    String namespace = server.createNamespace("shop", "default");
    daemon.create(namespace, Map.of("quay.io", credential("stays")));
    daemon.link(namespace, "default");

    daemon.target().release(ENVIRONMENT, secret(namespace));
    daemon.target().release(ENVIRONMENT, account(namespace, "default"));

    assertThat(content(namespace)).contains("stays");
    assertThat(read(namespace).getMetadata().getLabels()).isNullOrEmpty();
    assertThat(entries(namespace)).containsExactly(NAME);
    assertThat(live(namespace).getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(daemon.target().observe(ENVIRONMENT, Set.of()))
        .noneMatch(resource -> resource.id().scope().equals(namespace));
  }

  private void restart() {
    daemon.close();
    daemon = Daemon.open(server, instance);
  }

  private List<String> eventsIn(String namespace) {
    return daemon.events().stream()
        .filter(event -> event.scope().equals(namespace))
        .map(event -> event.reason())
        .toList();
  }

  private static Surroundings.Namespace seen(Daemon daemon, String namespace)
      throws TargetException {
    var cluster = (Surroundings.Cluster) daemon.target().surroundings();
    Surroundings.Namespace seen = cluster.namespaces().get(namespace);
    if (seen == null) {
      throw new AssertionError("not seen: " + namespace);
    }
    return seen;
  }

  private static Object reason(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed ? failed.reason() : outcome;
  }

  private Secret read(String namespace) {
    return server.admin().secrets().inNamespace(namespace).withName(NAME).get();
  }

  private String content(String namespace) {
    String data = read(namespace).getData().get(".dockerconfigjson");
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
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

  private void foreign(String namespace, Map<String, String> annotations) {
    server
        .admin()
        .secrets()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .withAnnotations(annotations)
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToStringData(
                    ".dockerconfigjson", "{\"auths\":{\"quay.io\":{\"auth\":\"theirs\"}}}")
                .build())
        .create();
  }

  private ServiceAccount live(String namespace) {
    return server.admin().serviceAccounts().inNamespace(namespace).withName("default").get();
  }

  private List<String> entries(String namespace) {
    return live(namespace).getImagePullSecrets().stream()
        .map(LocalObjectReference::getName)
        .toList();
  }

  private void edit(String namespace, List<String> names) {
    server
        .admin()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName("default")
        .edit(
            account -> {
              account.setImagePullSecrets(names.stream().map(LocalObjectReference::new).toList());
              return account;
            });
  }

  private void addUntilAccepted(String namespace, String name) {
    var account = server.admin().serviceAccounts().inNamespace(namespace).withName("default");
    while (!entries(namespace).contains(name)) {
      try {
        ServiceAccount _ = account.edit(live -> with(live, name));
      } catch (KubernetesClientException e) {
        // 422: fabric8 sends a JSON patch, whose index our entry may have moved.
        assertThat(e.getCode()).isIn(409, 422);
      }
    }
  }

  private static ServiceAccount with(ServiceAccount account, String name) {
    account.getImagePullSecrets().add(new LocalObjectReference(name));
    return account;
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
