package dev.tidewaiter.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.Restraint.Freeze;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardTest {
  private static final String SCOPE_ID = "5f2c00aa11bb";

  @ParameterizedTest(name = "{0} of {1}: held {2}")
  @CsvSource({
    "0, 0, false",
    "5, 5, false",
    "6, 24, false",
    "6, 23, true",
    "20, 80, false",
    "20, 79, true",
    "21, 1000, true"
  })
  void holdsMoreThanTheLimitOrMoreThanFiveAndTheShare(int withdrawals, int owned, boolean held) {
    assertThat(Guard.approvalNeeded(withdrawals, owned, restraint("", false)) != null)
        .isEqualTo(held);
  }

  @Test
  void saysWhatToWrite() {
    assertThat(Guard.approvalNeeded(21, 1000, restraint("", false))).isEqualTo(SCOPE_ID + "/21");
  }

  @ParameterizedTest(name = "{0} approved, {1} to do: held {2}")
  @CsvSource({
    "100, 100, false",
    "100, 99, false",
    "100, 110, false",
    "100, 111, true",
    "39, 42, false",
    "39, 43, true",
    "25, 28, true",
    "0, 30, true"
  })
  void approvalCoversItsNumberAndATenthMore(int approved, int withdrawals, boolean held) {
    var restraint = restraint(SCOPE_ID + "/" + approved, false);
    assertThat(Guard.approvalNeeded(withdrawals, 1000, restraint) != null).isEqualTo(held);
  }

  @Test
  void tooManyForTheApprovalAskForTheNewNumber() {
    assertThat(Guard.approvalNeeded(30, 1000, restraint(SCOPE_ID + "/25", false)))
        .isEqualTo(SCOPE_ID + "/30");
  }

  @ParameterizedTest
  @CsvSource({
    "another0scope/100",
    "5f2c00aa11bb",
    "5f2c00aa11bb/",
    "5f2c00aa11bb/-100",
    "5f2c00aa11bb/1e9",
    "5f2c00aa11bb/99999999999999999999",
    "/100",
    "5f2c00aa11bb/100/100"
  })
  void approvalOfSomethingElseCoversNothing(String approve) {
    assertThat(Guard.approvalNeeded(30, 1000, restraint(approve, false))).isNotNull();
  }

  @Test
  void rewrittenBranchHoldsASingleWithdrawal() {
    assertThat(Guard.approvalNeeded(1, 1000, restraint("", true))).isEqualTo(SCOPE_ID + "/1");
    assertThat(Guard.approvalNeeded(0, 1000, restraint("", true))).isNull();
    assertThat(Guard.approvalNeeded(1, 1000, restraint(SCOPE_ID + "/1", true))).isNull();
  }

  private static Restraint restraint(String approve, boolean holdAll) {
    return new Restraint(Freeze.NOTHING, 20, 25, approve, SCOPE_ID, holdAll);
  }
}
