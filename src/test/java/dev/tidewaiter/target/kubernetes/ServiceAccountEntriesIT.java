package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.account;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetException;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Our entries in ServiceAccounts, beside those of others.
class ServiceAccountEntriesIT extends KubernetesTargetScenario {
  private static final FieldValue PRESENT = new FieldValue.Plain("present");

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
}
