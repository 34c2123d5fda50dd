package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.Result;
import dev.tidewaiter.reconcile.activation.Activation;
import dev.tidewaiter.target.Outcome;
import java.util.List;
import java.util.TreeSet;

/// Names that try to steer whatever shows them.
final class Hostile {
  /// Clears the screen, closes a fence, opens a heading, and turns around what follows.
  static final String IMAGE = "x\u001b[2J\n```\n# forged `|` \u202etxt.exe\u009b";

  /// In one line.
  static final String SHOWN = "x\\u001b[2J ``` # forged `|` \\u202etxt.exe\\u009b";

  private Hostile() {}

  /// A cycle that holds denials of such an image, and failed and conflicted over it.
  static CycleReport report() {
    var secret = new ResourceId(ResourceKind.PULL_SECRET, "shop", "pull");
    var failed = new Outcome.Failed(Outcome.FailureReason.Rejected, IMAGE, null);
    var plan =
        new Plan(
            List.of(new Change.Prune(secret)),
            List.of(),
            List.of(new Plan.Withheld(secret, IMAGE, IMAGE)),
            List.of(),
            List.of(new Plan.Conflict(secret, false, IMAGE)),
            List.of(),
            List.of(),
            null);
    CycleReport report =
        Reports.report(plan, List.of(new Result(new Change.Prune(secret), failed)), List.of());
    var workload =
        new Workload("Pod", "shop", "web", false, List.of(IMAGE), new TreeSet<>(), "default");
    var denied = new Activation.Denied(workload, List.of(new Activation.Image(IMAGE, IMAGE)));
    return Reports.withActivation(report, new Activation(true, List.of(denied), null, null));
  }

  /// That nothing but line feeds is unseen in a text, and no line of it is the image's own.
  static void assertHarmless(String text) {
    assertThat(text).doesNotContainPattern("[\\p{C}\\p{Zl}\\p{Zp}&&[^\\n]]");
    assertThat(text.lines()).noneMatch(line -> line.startsWith("# ") || line.startsWith("txt"));
    assertThat(text.lines().filter(line -> line.strip().startsWith("```")))
        .as("fences are in pairs, each closed by ours")
        .satisfies(
            fences -> {
              for (int i = 0; i < fences.size(); i++) {
                assertThat(fences.get(i)).matches(i % 2 == 0 ? "```[a-z]+" : "```");
              }
            });
  }
}
