package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FieldValueTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LIFE = Duration.ofHours(12);
  private static final FieldValue DECLARED = minted("ours", "a", START);

  @Test
  void aSealIsSatisfiedByItselfAlone() {
    FieldValue sealed = new FieldValue.Sealed(new Seal("ours"));

    assertThat(sealed.isSatisfiedBy(sealed)).isTrue();
    assertThat(sealed.isSatisfiedBy(DECLARED)).isTrue();
    assertThat(DECLARED.isSatisfiedBy(sealed)).isTrue();
    assertThat(sealed.isSatisfiedBy(minted("theirs", "a", START))).isFalse();
    assertThat(DECLARED.isSatisfiedBy(new FieldValue.Sealed(new Seal("theirs")))).isFalse();
    assertThat(DECLARED.isSatisfiedBy(new FieldValue.Plain("ours"))).isFalse();
  }

  @Test
  void anotherTokenOfTheIdentityIsAsGoodUnlessItEndsMarkedlyEarlier() {
    assertThat(isAsGood(START.minus(LIFE.dividedBy(20)))).isTrue();
    assertThat(isAsGood(START.minus(LIFE.dividedBy(20)).minusNanos(1))).isFalse();
    assertThat(isAsGood(START.plus(LIFE.dividedBy(2)))).isTrue();
    assertThat(DECLARED.isSatisfiedBy(minted("theirs", "b", START))).isFalse();
  }

  @Test
  void oneThatEndsLaterThanAnyCanIsNotBelieved() {
    assertThat(isAsGood(START.plus(LIFE))).isTrue();
    assertThat(isAsGood(START.plus(LIFE).plusNanos(1))).isFalse();
  }

  private static boolean isAsGood(Instant issuedAt) {
    return DECLARED.isSatisfiedBy(minted("theirs", "a", issuedAt));
  }

  private static FieldValue minted(String seal, String identity, Instant issuedAt) {
    return new FieldValue.Minted(
        new Seal(seal), new Issuance(identity, issuedAt, issuedAt.plus(LIFE)));
  }
}
