package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.Reason;
import dev.tidewaiter.reconcile.Result;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarrationTest {
  private static final Change CHANGE = Reports.everything().changes().getFirst();

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

  @Test
  void tellsWhatStaysOnceAndThenThatItEnded() {
    var down = new Condition(Reason.TargetUnavailable, "cluster/prod-eu: does not answer");
    CycleReport broken = Reports.report(Reports.quiet().plan(), List.of(), List.of(down));
    String told = told(broken, broken, Reports.quiet(), Reports.quiet(), broken);
    assertThat(told.split("TargetUnavailable: ", -1)).hasSize(3);
    assertThat(told.split("Ready: all that is declared is there", -1)).hasSize(2);
  }

  @Test
  void tellsAFailureOnceAndAChangeEachTime() {
    var failed = new Result(CHANGE, new Outcome.Failed(FailureReason.Rejected, "no", null));
    CycleReport failing = Reports.report(plan(CHANGE), List.of(failed), List.of());
    assertThat(told(failing, failing).split("failed: ", -1)).hasSize(2);
    var applied = new Result(CHANGE, new Outcome.Applied());
    CycleReport restoring = Reports.report(plan(CHANGE), List.of(applied), List.of());
    assertThat(told(restoring, Reports.quiet(), restoring).split("1 applied", -1)).hasSize(3);
  }

  @Test
  void tellsWhatCameBackAfterItHadGone() {
    CycleReport drifted = Reports.report(plan(CHANGE), List.of(), List.of());
    assertThat(told(drifted, Reports.quiet(), drifted).split("revision ", -1)).hasSize(3);
  }

  private static Plan plan(Change change) {
    return new Plan(
        List.of(change), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null);
  }

  private static String told(CycleReport... reports) {
    var text = new StringWriter();
    var narration = new Narration(new PrintWriter(text));
    List.of(reports).forEach(narration::tell);
    return text.toString();
  }
}
