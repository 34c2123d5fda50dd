package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarrationTest {
  @Test
  void tellsThePlanAndWhatCameOfIt() {
    assertThat(told(Reports.mixed()))
        .startsWith("\nproduction on cluster/prod-eu, revision aaaaaaaa (round)\n")
        .contains("  + ServiceAccount/new/default\n")
        .contains("  failed: Secret/shop/pull: AccessDenied: may not patch secrets\n")
        .contains(
            "  CredentialWithheld: vault:secret/quay#password: denied (1 place(s)) (1 applied")
        .doesNotContain("must not be shown");
  }

  @Test
  void nothingSteersTheTerminal() {
    String told = told(Hostile.report());
    Hostile.assertHarmless(told);
    assertThat(told).contains("      " + Hostile.SHOWN + ": ");
  }

  @Test
  void isSilentIfNothingHappened() {
    assertThat(told(Reports.quiet())).isEmpty();
  }

  @Test
  void tellsWhatPreventsReadyThoughNothingWasDone() {
    var down = new Condition(Reason.TargetUnavailable, "cluster/prod-eu: does not answer");
    CycleReport report = Reports.report(Reports.quiet().plan(), List.of(), List.of(down));
    assertThat(told(report)).contains("TargetUnavailable: cluster/prod-eu: does not answer");
  }

  private static String told(CycleReport report) {
    var text = new StringWriter();
    new Narration(new PrintWriter(text)).tell(report);
    return text.toString();
  }
}
