package dev.tidewaiter.serve;

import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.CycleReport;
import dev.tidewaiter.reconcile.DaemonStatus;
import dev.tidewaiter.reconcile.InForce;
import dev.tidewaiter.reconcile.RegistryReport;
import dev.tidewaiter.reconcile.RoundResult;
import dev.tidewaiter.reconcile.RuntimeReport;
import dev.tidewaiter.reconcile.Standing;
import dev.tidewaiter.reconcile.TargetStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `GET /status` answers, and `tidewaiter status` reads: names, counts and reasons, no secret
/// and no seal. Times are UTC.
///
/// @param ready whether nothing keeps any environment, or the daemon, from `Ready`
/// @param repository null before the first round has ended
public record StatusDocument(
    String instance,
    boolean ready,
    @Nullable Repository repository,
    @Nullable Instant nextRoundAt,
    List<ConditionDocument> conditions,
    List<RegistryDocument> registries,
    List<TargetDocument> targets) {

  /// @param lastAttemptedRevision the newest known; null if none ever was
  /// @param revisionInForce null if nothing is in force
  /// @param problems of the newest revision, if it was rejected: place, message and hint
  public record Repository(
      @Nullable String lastAttemptedRevision,
      @Nullable String revisionInForce,
      Instant lastRoundAt,
      List<String> problems) {}

  public record ConditionDocument(String reason, String message) {
    static ConditionDocument of(Condition condition) {
      return new ConditionDocument(condition.reason().name(), condition.message());
    }
  }

  /// How it stands with the credential of one registry.
  ///
  /// @param source the provider, as declarations write it
  /// @param identity for what the credential was minted; null if it is long-lived
  /// @param proof whether the registry takes the newest credential, as one word
  /// @param expiresAt when what is delivered ends; null if it does not
  /// @param refreshAt when the next one is asked for; null if none is, or that is being done
  /// @param lastFailure why no new one could be had or promoted; null if one could
  public record RegistryDocument(
      String registry,
      String address,
      String source,
      @Nullable String identity,
      String proof,
      @Nullable Instant expiresAt,
      @Nullable Instant refreshAt,
      @Nullable String lastFailure,
      List<ConditionDocument> conditions) {
    static RegistryDocument of(RegistryReport report) {
      return new RegistryDocument(
          report.registry(),
          report.address().text(),
          report.source(),
          report.identity(),
          report.proofWord(),
          report.expiresAt(),
          report.refreshAt(),
          report.lastFailure(),
          report.conditions().stream().map(ConditionDocument::of).toList());
    }
  }

  /// @param runtimes of a host, as they said last; empty for a cluster, and if they could not be
  ///   asked
  public record TargetDocument(
      String target,
      List<ConditionDocument> conditions,
      List<RuntimeReport> runtimes,
      List<EnvironmentDocument> environments) {
    static TargetDocument of(TargetStatus status) {
      return new TargetDocument(
          status.target(),
          status.conditions().stream().map(ConditionDocument::of).toList(),
          status.runtimes(),
          status.reports().stream().map(EnvironmentDocument::of).toList());
    }
  }

  /// One environment on one target, after its last whole cycle.
  ///
  /// @param ready `Ready`, or what prevents it most
  /// @param activation what new denials would do to what runs; null if there are none
  /// @param cycle what the cycle's log lines carry
  public record EnvironmentDocument(
      String environment,
      ConditionDocument ready,
      String lastAttemptedRevision,
      @Nullable String lastAppliedRevision,
      CycleReport.Counts counts,
      List<ConditionDocument> conditions,
      Details details,
      @Nullable ActivationDocument activation,
      CycleDocument cycle) {
    static EnvironmentDocument of(CycleReport report) {
      Revision applied = report.revisions().lastApplied();
      return new EnvironmentDocument(
          report.subject().environment(),
          ConditionDocument.of(report.readiness()),
          report.revisions().lastAttempted().id(),
          applied == null ? null : applied.id(),
          report.counts(),
          report.conditions().stream().map(ConditionDocument::of).toList(),
          Details.of(report),
          ActivationDocument.of(report.activation()),
          CycleDocument.of(report));
    }
  }

  /// The resources behind the counts; of each sort the first hundred.
  ///
  /// @param held withdrawals
  /// @param denials changes of policies that wait, because they would deny
  /// @param approval what to write into `prune.approve` to release what is held; null if nothing is
  public record Details(
      List<String> failed,
      List<String> withheld,
      List<String> held,
      List<String> denials,
      @Nullable String approval,
      List<String> conflicts) {
    private static final int LIMIT = 100;

    static Details of(CycleReport report) {
      Plan plan = report.plan();
      return new Details(
          first(report.failures().stream().map(Details::text)),
          first(plan.withheld().stream().map(Details::text)),
          first(plan.held().stream().map(change -> change.id().toString())),
          first(plan.denials().stream().map(change -> change.id().toString())),
          plan.approval(),
          first(plan.conflicts().stream().map(one -> one.id() + ": " + one.detail())));
    }

    private static List<String> first(Stream<String> texts) {
      return texts.limit(LIMIT).toList();
    }

    private static String text(Plan.Withheld withheld) {
      String field = withheld.field() == null ? "" : " " + withheld.field();
      return withheld.id() + field + ": " + withheld.reason();
    }

    private static String text(CycleReport.Failure failure) {
      return failure.resource() + ": " + failure.reason() + ": " + failure.detail();
    }
  }

  /// @param durationSeconds of the cycle, from surroundings to report
  public record CycleDocument(
      String id, String trigger, Instant startedAt, double durationSeconds) {
    static CycleDocument of(CycleReport report) {
      return new CycleDocument(
          report.cycle(),
          report.trigger().cause(),
          report.timing().startedAt(),
          report.duration().toMillis() / 1000.0);
    }
  }

  /// The document of a status.
  public static StatusDocument of(DaemonStatus status) {
    RoundResult round = status.round();
    boolean ready =
        status.isServing()
            && status.conditions().stream().noneMatch(Condition::preventsReady)
            && status.targets().stream().noneMatch(TargetStatus::isIncomplete);
    return new StatusDocument(
        status.instance(),
        ready,
        round == null ? null : repository(round),
        status.nextRoundAt(),
        status.conditions().stream().map(ConditionDocument::of).toList(),
        round == null ? List.of() : round.reports().stream().map(RegistryDocument::of).toList(),
        status.targets().stream().map(TargetDocument::of).toList());
  }

  private static Repository repository(RoundResult round) {
    Standing standing = round.standing();
    Revision attempted = standing.attempted();
    InForce inForce = standing.inForce();
    return new Repository(
        attempted == null ? null : attempted.id(),
        inForce == null ? null : inForce.revision().id(),
        round.startedAt(),
        standing.problems().stream().map(Problem::toString).toList());
  }
}
