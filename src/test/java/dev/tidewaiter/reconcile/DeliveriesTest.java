package dev.tidewaiter.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// From when on what was before a credential may be given back.
class DeliveriesTest {
  private static final SecretReference SHARED =
      new SecretReference.Vault("artifactory/token/pull", "access_token", null);

  @Test
  void tellsAReferenceOfTwoRegistriesOnlyWithTheLastOfThem() {
    var deliveries = new Deliveries();
    deliveries.ended(round(inUse("fast"), inUse("slow")));

    assertThat(deliveries.complete(pending -> pending.inUse().registry().equals("fast")))
        .singleElement()
        .satisfies(inUse -> assertThat(inUse.leases()).isEmpty());
    assertThat(deliveries.complete(_ -> true))
        .singleElement()
        .satisfies(inUse -> assertThat(inUse.leases()).containsOnlyKeys(SHARED));
    assertThat(deliveries.complete(_ -> true)).isEmpty();
  }

  private static InUse inUse(String registry) {
    var credential = new Credential(Secret.of("puller"), Secret.of("lent"), null, null);
    return new InUse(registry, credential, Map.of(SHARED, "lease"), Set.of("production"));
  }

  private static RoundResult round(InUse... inUse) {
    var known = new RoundResult.Known(new TreeMap<>(), new TreeMap<>(), List.of(inUse), null);
    return new RoundResult(1, "test", Instant.EPOCH, Standing.UNKNOWN, known);
  }
}
