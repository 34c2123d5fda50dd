package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.LIMIT;
import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static dev.tidewaiter.reconcile.Harness.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two registries with one reference, of which one takes the new credential later.
class SharedReferenceTest {
  private static final String QUAY = "auths/quay.io";
  private static final String HUB = "auths/https://index.docker.io/v1/";

  private final Harness world;
  private final InMemoryTarget cluster;

  SharedReferenceTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop");
    String shared = registries().replace("secret/hub", "secret/quay");
    world.source.commit(shared + environment("production", "shop", ""));
  }

  @Test
  void isGivenBackOnlyWhenBothHaveTheNewOne() {
    world.registries.hangFor("quay.io");
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitText(HUB);
      // What is told is told before the next round begins.
      daemon.requestRound("another");
      Await.until(
          LIMIT,
          () -> assertThat(daemon.status().round()).extracting("trigger").isEqualTo("another"));
      assertThat(world.secrets.promoted()).isEmpty();

      world.registries.resume();
      awaitText(QUAY);
      Await.until(
          LIMIT,
          () ->
              assertThat(world.secrets.promoted())
                  .extracting(Object::toString)
                  .containsExactly("vault:secret/quay#password"));
    }
  }

  private void awaitText(String field) {
    Await.until(
        LIMIT, () -> assertThat(cluster.textOf(secret("shop"), field)).contains("first"));
  }
}
