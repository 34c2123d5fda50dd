package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Others write to the same objects, or wrote them before us.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ContentionIT {
  private static final String FOREIGN =
      "{\"auths\":{\"theirs.example\":{\"username\":\"u\",\"password\":\"p\",\"auth\":\"dTpw\"}}}";

  private final Tenants tenants = new Tenants();

  @TempDir private Path directory;

  @Test
  void losesNoEntryOfAnotherWriterOfTheSameServiceAccount() throws InterruptedException {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      var theirs = new ArrayList<String>();
      Thread other =
          Thread.startVirtualThread(
              () -> {
                for (int number = 0; number < 100; number++) {
                  append(namespace, "theirs-" + number);
                }
              });
      deployment.start();
      Await.until(
          Deployment.LIMIT,
          () -> assertThat(tenants.entries(namespace, "default")).contains(Tenants.SECRET));
      for (int correction = 0; correction < 3; correction++) {
        remove(namespace, Tenants.SECRET);
        Await.until(
            Deployment.LIMIT,
            () -> assertThat(tenants.entries(namespace, "default")).contains(Tenants.SECRET));
      }
      other.join();

      for (int number = 0; number < 100; number++) {
        theirs.add("theirs-" + number);
      }
      deployment.awaitReady();
      assertThat(tenants.entries(namespace, "default"))
          .containsAll(theirs)
          .contains(Tenants.SECRET)
          .hasSize(101);
    }
  }

  @Test
  void yieldsToAWriterThatRevertsEveryChange() throws InterruptedException {
    String namespace = tenants.add("default");
    String calm = tenants.add("default");
    try (Deployment deployment = declared()) {
      deployment.startReady();
      int line = Servers.cluster().audit().size();
      var fighting = new AtomicBoolean(true);
      Thread other =
          Thread.startVirtualThread(
              () -> {
                while (fighting.get()) {
                  if (tenants.entries(namespace, "default").contains(Tenants.SECRET)) {
                    remove(namespace, Tenants.SECRET);
                  }
                }
              });

      assertThat(deployment.awaitCondition("Contended"))
          .contains("ServiceAccount/" + namespace + "/default");
      long corrections = patches(line, namespace);
      deployment.awaitRound();
      deployment.awaitRound();
      assertThat(patches(line, namespace)).isEqualTo(corrections).isBetween(5L, 8L);
      tenants.secret(calm).delete();
      Await.until(Deployment.LIMIT, () -> assertDelivered(calm));
      fighting.set(false);
      other.join();
    }
  }

  private static long patches(int line, String namespace) {
    return Servers.cluster().audit().stream()
        .skip(line)
        .filter(entry -> entry.contains("\"username\":\"" + Servers.USER + "\""))
        .filter(entry -> entry.contains("\"verb\":\"patch\""))
        .filter(entry -> entry.contains("/" + namespace + "/serviceaccounts/"))
        .count();
  }

  @Test
  void leavesAForeignSecretInOurPlaceUntilItsOwnerGivesIt() {
    String namespace = tenants.add("default");
    String healthy = tenants.add("default");
    tenants.writeForeign(namespace, FOREIGN, Map.of());
    Secret before = tenants.live(namespace);
    try (Deployment deployment = declared()) {
      Result conflict = deployment.apply();

      assertThat(conflict.exitCode()).isEqualTo(5);
      assertThat(conflict.stdout())
          .contains("Conflict: Secret/" + namespace, "tidewaiter.dev/adopt");
      assertThat(tenants.live(namespace)).isEqualTo(before);
      assertDelivered(healthy);

      annotate(namespace, "true");
      assertThat(deployment.apply().exitCode()).as("something would be lost").isEqualTo(5);
      assertThat(tenants.passwords(namespace)).containsOnlyKeys("theirs.example");

      annotate(namespace, "replace");
      assertThat(deployment.apply().exitCode()).isZero();
      assertThat(tenants.passwords(namespace)).containsEntry("quay.io", "password-of-quay");
      // What was in it is ours now, and goes as whatever is not declared goes.
      assertThat(deployment.apply().exitCode()).isZero();
      assertDelivered(namespace);
      assertThat(tenants.uid(namespace)).isEqualTo(before.getMetadata().getUid());
    }
  }

  @Test
  void adoptsWhatLosesNothing() {
    String namespace = tenants.add("default");
    tenants.writeForeign(namespace, "{\"auths\":{}}", Map.of("tidewaiter.dev/adopt", "true"));
    String uid = tenants.uid(namespace);
    try (Deployment deployment = declared()) {
      Result adopted = deployment.apply();

      assertThat(adopted.exitCode()).as(adopted.output()).isZero();
      assertDelivered(namespace);
      assertThat(tenants.uid(namespace)).isEqualTo(uid);
    }
  }

  @Test
  void doesNotTakeACopyOfItsSecretForItsOwn() {
    String namespace = tenants.add("default");
    var others = new Tenants();
    String elsewhere = others.add("default");
    try (Deployment deployment = declared()) {
      assertThat(deployment.apply().exitCode()).isZero();
      Secret copy = copyInto(elsewhere, tenants.live(namespace));

      deployment.password("quay", "password-rotated");
      assertThat(deployment.apply().exitCode()).isZero();
      assertThat(others.live(elsewhere)).isEqualTo(copy);
      deployment.environment(tenants, List.of("quay"), "state: Retired").commit("Retire it");
      assertThat(deployment.apply().exitCode()).isZero();

      assertThat(tenants.traces()).isEmpty();
      assertThat(others.live(elsewhere)).isEqualTo(copy);
    }
  }

  @Test
  void leavesAloneWhatAnotherInstanceOwns() {
    String namespace = tenants.add("default");
    var others = new Tenants();
    String theirs = others.add("default");
    try (Deployment first = declared();
        Deployment second = Deployment.in(directory)) {
      second.registry("quay", "quay.io", "password-of-the-second");
      second.environment(others, List.of("quay")).commit("Declare quay");
      first.startReady();
      second.startReady();
      assertDelivered(namespace);
      assertThat(others.passwords(theirs)).isEqualTo(Map.of("quay.io", "password-of-the-second"));

      second.environment(tenants, List.of("quay")).commit("Move to the first one's namespaces");

      assertThat(second.awaitCondition("Contested")).contains(namespace, first.instance());
      second.awaitRound();
      first.awaitRound();
      assertDelivered(namespace);
      assertThat(tenants.entries(namespace, "default")).containsExactly(Tenants.SECRET);
      second.environment(tenants, List.of("quay"), "state: Retired").commit("Retire the second");
      Await.until(Deployment.LIMIT, () -> assertThat(second.inventory()).isNull());
      assertThat(others.traces()).isEmpty();
      first.awaitRound();
      first.awaitReady();
      assertDelivered(namespace);
    }
  }

  private Deployment declared() {
    Deployment deployment = Deployment.in(directory);
    deployment
        .registry("quay", "quay.io", "password-of-quay")
        .environment(tenants, List.of("quay"))
        .commit("Declare quay");
    return deployment;
  }

  private void assertDelivered(String namespace) {
    assertThat(tenants.passwords(namespace)).isEqualTo(Map.of("quay.io", "password-of-quay"));
  }

  private void annotate(String namespace, String adopt) {
    tenants
        .secret(namespace)
        .edit(
            secret ->
                new SecretBuilder(secret)
                    .editMetadata()
                    .addToAnnotations("tidewaiter.dev/adopt", adopt)
                    .endMetadata()
                    .build());
  }

  private static Secret copyInto(String namespace, Secret original) {
    return Servers.cluster()
        .admin()
        .secrets()
        .inNamespace(namespace)
        .resource(
            new SecretBuilder(original)
                .withNewMetadata()
                .withName(original.getMetadata().getName())
                .withLabels(original.getMetadata().getLabels())
                .withAnnotations(original.getMetadata().getAnnotations())
                .endMetadata()
                .build())
        .create();
  }

  private void append(String namespace, String name) {
    changeEntries(
        namespace,
        names -> {
          names.add(name);
        });
  }

  private void remove(String namespace, String name) {
    changeEntries(namespace, names -> names.remove(name));
  }

  private interface Edit {
    void on(List<String> names);
  }

  // As controllers do it: with the version that was read, and again on conflict.
  private void changeEntries(String namespace, Edit edit) {
    while (true) {
      try {
        var live = tenants.account(namespace, "default").require();
        var names = new ArrayList<>(Tenants.entries(live));
        edit.on(names);
        Servers.cluster().admin().resource(Tenants.withEntries(live, names)).update();
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != 409) {
          throw e;
        }
      }
    }
  }
}
