package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.LIMIT;
import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.testing.Await;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two registries with one reference, of which one takes the new credential later.
class SharedReferenceTest {
  private static final SecretReference SHARED =
      new SecretReference.Vault("secret/quay", "password", null);

  private final Harness world;

  SharedReferenceTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    world.cluster("one", "shop", "web");
    world.source.commit(
        registries().replace("secret/hub", "secret/quay")
            + environment("of-quay", "shop", "").replace("[quay, hub]", "[quay]")
            + environment("of-hub", "web", "").replace("[quay, hub]", "[hub]"));
  }

  @Test
  void isNotSaidToBeInUseWhileOneStillHasWhatWasBefore() {
    world.registries.hangFor("quay.io");
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitInUse(daemon, Map.of("hub", Set.of()));
      world.registries.resume();
      awaitInUse(daemon, Map.of("hub", Set.of(SHARED), "quay", Set.of(SHARED)));
    }
  }

  private static void awaitInUse(
      ReconcileLoop daemon, Map<String, Set<SecretReference>> references) {
    Await.until(
        LIMIT,
        () -> {
          RoundResult round = daemon.status().round();
          Map<String, Set<SecretReference>> found =
              round == null
                  ? Map.of()
                  : round.registries().inUse().stream()
                      .collect(toMap(InUse::registry, inUse -> inUse.leases().keySet()));
          assertThat(found).isEqualTo(references);
        });
  }
}
