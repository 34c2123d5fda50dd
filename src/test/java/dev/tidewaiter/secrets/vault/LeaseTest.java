package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// When a lease is due, and what is shown of it.
class LeaseTest {
  private static final String ID = "rabbit/creds/pull/" + Canary.VALUE;
  private static final Moment START = new Moment(1_000, Instant.parse("2030-01-01T00:00:00Z"));
  private static final Duration HOUR = Duration.ofHours(1);

  private final Lease lease =
      Lease.of(new Lease.Grant(ID, HOUR, true), START, Duration.ofMinutes(2));

  @Test
  void isDueAtHalfOfItsLifeOrEarlierByTheJitter() {
    assertThat(lease.isDue(at(Duration.ofMinutes(28)) - 1)).isFalse();
    assertThat(lease.isDue(at(Duration.ofMinutes(28)))).isTrue();
    assertThat(lease.hasEnded(at(HOUR) - 1)).isFalse();
    assertThat(lease.hasEnded(at(HOUR))).isTrue();
  }

  @Test
  void isRenewableUntilLessIsGrantedThanAtFirst() {
    assertThat(renewed(HOUR).renewable()).isTrue();
    Lease shorter = renewed(Duration.ofMinutes(59));
    assertThat(shorter.renewable()).isFalse();
    assertThat(shorter.isDue(at(Duration.ofMinutes(59)))).isFalse();
    assertThat(shorter.isDue(at(Duration.ofMinutes(60)))).isTrue();
  }

  @Test
  void isDueAtHalfOfWhatIsLeftAfterARefusal() {
    Lease refused = lease.refused(at(Duration.ofMinutes(30)));
    assertThat(refused.isDue(at(Duration.ofMinutes(45)) - 1)).isFalse();
    assertThat(refused.isDue(at(Duration.ofMinutes(45)))).isTrue();
    assertThat(refused.renewable()).isFalse();
  }

  @Test
  void showsNeitherItsWholeNameNorWhatIsLent() {
    JsonNode data = JsonMapper.builder().build().createObjectNode().put("password", Canary.VALUE);
    var owner = new TokenLife(Secret.of(Canary.VALUE), 0, HOUR, HOUR, true, true);
    var loan = new Loan("rabbit/creds/pull", data, lease, owner);
    assertThat(lease.toString()).doesNotContain(Canary.VALUE);
    assertThat(loan.toString()).doesNotContain(Canary.VALUE);
    assertThat(loan.answer(true).toString()).doesNotContain(Canary.VALUE);
  }

  private Lease renewed(Duration granted) {
    var asked = new Moment(at(Duration.ofMinutes(30)), START.instant());
    return lease.renewed(new Lease.Grant(ID, granted, true), asked, Duration.ZERO);
  }

  private static long at(Duration later) {
    return START.nanos() + later.toNanos();
  }
}
