package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SealerTest {
  private static final ResourceId SECRET =
      new ResourceId(ResourceKind.PULL_SECRET, "shop", "registry-credentials");
  private static final Secret VALUE = Secret.of("must not be shown");

  private final Sealer sealer = Sealer.withRandomKey();

  @Test
  void theSameValueInTheSamePlaceHasTheSameSeal() {
    assertThat(sealer.seal(SECRET, "auths/quay.io", VALUE))
        .isEqualTo(sealer.seal(SECRET, "auths/quay.io", Secret.of(VALUE.reveal())));
  }

  @Test
  void anotherValueFieldOrResourceHasAnotherSeal() {
    var seal = sealer.seal(SECRET, "auths/quay.io", VALUE);
    var elsewhere = new ResourceId(ResourceKind.PULL_SECRET, "shop2", "registry-credentials");
    assertThat(sealer.seal(SECRET, "auths/quay.io", Secret.of("another"))).isNotEqualTo(seal);
    assertThat(sealer.seal(SECRET, "auths/ghcr.io", VALUE)).isNotEqualTo(seal);
    assertThat(sealer.seal(elsewhere, "auths/quay.io", VALUE)).isNotEqualTo(seal);
  }

  @Test
  void theBorderBetweenFieldAndValueCounts() {
    assertThat(sealer.seal(SECRET, "ab", Secret.of("c")))
        .isNotEqualTo(sealer.seal(SECRET, "a", Secret.of("bc")));
  }

  @Test
  void sealsOfTwoProcessesNeverCompareEqual() {
    assertThat(Sealer.withRandomKey().seal(SECRET, "auths/quay.io", VALUE))
        .isNotEqualTo(sealer.seal(SECRET, "auths/quay.io", VALUE));
  }

  @Test
  void aSealIsADigestAndPrintsAsNothing() {
    var seal = sealer.seal(SECRET, "auths/quay.io", VALUE);
    assertThat(seal.digest()).matches("[0-9a-f]{64}");
    assertThat(seal).hasToString("sealed");
    assertThat(new FieldValue.Sealed(seal)).hasToString("<sealed>");
  }
}
