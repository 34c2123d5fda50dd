package dev.tidewaiter.cli;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.Reason;
import dev.tidewaiter.reconcile.Result;
import dev.tidewaiter.reconcile.RuntimeReport;
import dev.tidewaiter.reconcile.Subject;
import dev.tidewaiter.reconcile.Trigger;
import dev.tidewaiter.reconcile.activation.Activation;
import dev.tidewaiter.target.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Reports of cycles that never ran.
final class Reports {
  private static final Revision REVISION = new Revision("a".repeat(40));
  private static final String DENIED = "vault:secret/quay#password: denied";

  private Reports() {}

  /// A plan with something in each of its lists.
  static Plan everything() {
    return new Plan(
        changes(),
        List.of(secret("calm")),
        List.of(new Plan.Withheld(secret("shop"), "auths/quay.io", DENIED)),
        List.of(new Change.Prune(secret("old"))),
        List.of(
            new Plan.Conflict(secret("bank"), false, "A Secret without our labels stands there.")),
        List.of(),
        List.of(),
        "5f2c00aa11bb/1");
  }

  /// A cycle that ended with something of everything.
  static CycleReport mixed() {
    return report(
        everything(),
        List.of(
            new Result(changes().get(0), new Outcome.Applied()),
            new Result(
                changes().get(1),
                new Outcome.Failed(
                    Outcome.FailureReason.AccessDenied, "may not patch secrets", null))),
        List.of(new Condition(Reason.CredentialWithheld, DENIED + " (1 place(s))")));
  }

  /// A cycle in which nothing happened.
  static CycleReport quiet() {
    var nothing =
        new Plan(
            List.of(),
            List.of(secret("calm")),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            null);
    return report(nothing, List.of(), List.of());
  }

  /// A cycle that holds new denials.
  static CycleReport denying() {
    var binding =
        new ResourceId(
            ResourceKind.ALLOW_BINDING,
            ResourceId.CLUSTER_WIDE,
            "tidewaiter.prod-eu.production.names");
    var actions =
        new FieldChange.Replaced(new FieldValue.Plain("Audit"), new FieldValue.Plain("Deny Audit"));
    var plan =
        new Plan(
            List.of(),
            List.of(secret("calm")),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(new Change.Update(binding, new TreeMap<>(Map.of("actions", actions)), false)),
            null);
    var activation =
        new Activation(
            true,
            List.of(
                denied("DaemonSet", "proxy", true, "quay.io/acme/proxy:1"),
                denied("Deployment", "web", false, "nginx\n```")),
            "5f2c00aa11bb/1",
            null);
    return withActivation(report(plan, List.of(), List.of()), activation);
  }

  private static Activation.Denied denied(
      String kind, String name, boolean critical, String image) {
    var workload =
        new Workload(kind, "shop", name, critical, List.of(image), new TreeSet<>(), "default");
    return new Activation.Denied(
        workload, List.of(new Activation.Image(image, "not on the allow-list")));
  }

  static CycleReport withActivation(CycleReport report, Activation activation) {
    return new CycleReport(
        report.cycle(),
        report.subject(),
        report.trigger(),
        report.revisions(),
        report.runtimes(),
        report.plan(),
        activation,
        report.results(),
        List.of(new Condition(Reason.ActivationHeld, "2 workload(s) would be denied")),
        report.timing());
  }

  /// A cycle on a host in which nothing happened.
  static CycleReport on(String host, List<RuntimeReport> runtimes) {
    CycleReport quiet = quiet();
    return new CycleReport(
        quiet.cycle(),
        new Subject("production", host),
        quiet.trigger(),
        quiet.revisions(),
        runtimes,
        quiet.plan(),
        null,
        List.of(),
        List.of(),
        quiet.timing());
  }

  static CycleReport report(Plan plan, List<Result> results, List<Condition> conditions) {
    return new CycleReport(
        "0badcafe",
        new Subject("production", "cluster/prod-eu"),
        Trigger.whole("round"),
        new CycleReport.Revisions(REVISION, REVISION),
        List.of(),
        plan,
        null,
        results,
        conditions,
        new CycleReport.Timing(Instant.EPOCH, Duration.ofMillis(12)));
  }

  private static List<Change> changes() {
    var before = new FieldValue.Sealed(new Seal("must not be shown: a seal"));
    var after = new FieldValue.Sealed(new Seal("must not be shown: another seal"));
    var account = new ResourceId(ResourceKind.SERVICE_ACCOUNT, "new", "default");
    return List.of(
        new Change.Create(
            account,
            new TreeMap<>(Map.of("imagePullSecrets/pull", new FieldValue.Plain("present")))),
        new Change.Update(
            secret("shop"),
            new TreeMap<>(
                Map.of(
                    "auths/docker.io", new FieldChange.Added(after),
                    "auths/ghcr.io", new FieldChange.Replaced(before, after))),
            false),
        new Change.Update(
            secret("shop"),
            new TreeMap<>(Map.of("auths/gone.example", new FieldChange.Dropped(before))),
            false));
  }

  private static ResourceId secret(String namespace) {
    return new ResourceId(ResourceKind.PULL_SECRET, namespace, "pull");
  }
}
