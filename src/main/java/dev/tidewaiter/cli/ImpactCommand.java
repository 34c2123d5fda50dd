package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.cli.impact.ClustersSnapshot;
import dev.tidewaiter.cli.impact.Judging;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.Regimes;
import dev.tidewaiter.policy.Regime;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `impact`: what a change does to what runs, before it happens. It reads no secret and writes
/// nothing.
@Command(
    name = "impact",
    mixinStandardHelpOptions = true,
    description = {
      "Shows which running workloads a change between two revisions would deny, move to another"
          + " registry, or strip of their credential, each at its next start.",
      "With --snapshot and --checkout it needs no configuration and asks no server."
    })
final class ImpactCommand implements Callable<Integer> {
  private static final Duration OLD = Duration.ofHours(24);

  /// By how much clocks may differ.
  private static final Duration SKEW = Duration.ofMinutes(5);

  @Mixin private DaemonOptions options = new DaemonOptions();

  @Mixin private RevisionOptions revisions = new RevisionOptions();

  @Option(
      names = "--snapshot",
      paramLabel = "FILE",
      description = "What `tidewaiter snapshot` wrote, instead of asking the clusters.")
  private @Nullable Path snapshot;

  @Mixin private EnvironmentOption environment = new EnvironmentOption();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Only workloads of this namespace.")
  private @Nullable String namespace;

  @Mixin private OutputOption output = new OutputOption();

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() throws CommandFailure {
    ClustersSnapshot known = snapshot == null ? null : new SnapshotFile(snapshot).read();
    Comparison compared = revisions.readOffline(options);
    compared.require(environment.name());
    ClustersSnapshot clusters = known == null ? ask() : known;
    output.print(document(compared, clusters));
    return ExitCode.OK.number();
  }

  private ClustersSnapshot ask() throws CommandFailure {
    DaemonConfiguration configuration = options.load(Level.WARN);
    return Clusters.ask(configuration);
  }

  private ImpactDocument document(Comparison compared, ClustersSnapshot clusters)
      throws CommandFailure {
    String only = namespace;
    if (only != null && clusters.clusters().stream().noneMatch(cluster -> has(cluster, only))) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--namespace " + only + ": No cluster has it.\n  Name one that a cluster has.");
    }
    return new ImpactDocument(
        compared.before().revision(),
        compared.after().revision(),
        clusters.takenAt().truncatedTo(ChronoUnit.SECONDS).toString(),
        clusters.clusters().stream().mapToInt(cluster -> cluster.workloads().size()).sum(),
        warnings(compared, clusters),
        clusters.clusters().stream()
            .flatMap(
                cluster ->
                    new Judging(
                            clusters,
                            cluster,
                            compared.before().declarations(),
                            compared.after().declarations())
                            .affected(environment.name(), name -> only == null || only.equals(name))
                            .stream())
            .toList());
  }

  private static boolean has(ClustersSnapshot.Cluster cluster, String namespace) {
    return cluster.namespaces().stream().anyMatch(one -> one.name().equals(namespace));
  }

  private List<String> warnings(Comparison compared, ClustersSnapshot clusters) {
    var warnings = new ArrayList<>(age(clusters));
    compared.after().declarations().environments().values().stream()
        .filter(after -> environment.name() == null || after.name().equals(environment.name()))
        .filter(after -> after.hosts() != null && governsOtherwise(after, compared))
        .forEach(
            after ->
                warnings.add(
                    after.name()
                        + " governs hosts too, and what they pull is not known here. On one of them"
                        + " `tidewaiter explain IMAGE --host` tells what becomes of an image"));
    return warnings;
  }

  private static boolean governsOtherwise(Environment after, Comparison compared) {
    Declarations old = compared.before().declarations();
    Environment before = old.environments().get(after.name());
    Regime is = Regimes.of(compared.after().declarations(), after);
    if (before != null && before.hosts() != null) {
      return !Regimes.of(old, before).equals(is);
    }
    return is.rules().allowed() != null || is.defaultRegistry() != null;
  }

  private List<String> age(ClustersSnapshot clusters) {
    Duration age = Duration.between(clusters.takenAt(), clock.instant());
    if (age.negated().compareTo(SKEW) > 0) {
      return List.of(
          "the snapshot is from the future, by %s: one of the clocks is wrong, and its age is unknown"
              .formatted(Output.count(-age.toMinutes(), "minute")));
    }
    return age.compareTo(OLD) > 0
        ? List.of(
            "the snapshot is %d hours old: what was started since is not in it"
                .formatted(age.toHours()))
        : List.of();
  }
}
