package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.cli.ImageCheck.Finding;
import dev.tidewaiter.cli.ImageCheck.Pull;
import dev.tidewaiter.cli.ImageCheck.Result;
import dev.tidewaiter.cli.impact.ClustersSnapshot;
import dev.tidewaiter.cli.impact.Governed;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.reconcile.RoundResult;
import dev.tidewaiter.reconcile.ServedTarget;
import dev.tidewaiter.reconcile.Standing;
import dev.tidewaiter.target.TargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `explain`: which registry and which credential apply to an image, and why. Without `--verify` it
/// reads no secret and asks no registry.
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Shows which registry and credential serve an image in each environment, and why.")
final class ExplainCommand implements Callable<Integer> {
  @Mixin private DaemonOptions options = new DaemonOptions();

  @Parameters(paramLabel = "IMAGE", description = "As a manifest writes it.")
  private String image = "";

  @Option(
      names = "--verify",
      description = "Also ask the registry whether the image is there and can be pulled.")
  private boolean verify;

  @Mixin private EnvironmentOption environment = new EnvironmentOption();

  @Mixin private NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = "--host",
      description = "As the runtimes of this instance's host pull it, which are asked.")
  private boolean host;

  @Option(
      names = "--snapshot",
      paramLabel = "FILE",
      description =
          "What `tidewaiter snapshot` wrote: to tell what clusters cannot do, and to which environment"
              + " a namespace belongs by its labels.")
  private @Nullable Path snapshot;

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws CommandFailure {
    ImageReference reference =
        ImageReference.parse(image)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.USAGE,
                        image
                            + ": This is no image reference.\n  Write [HOST[:PORT]/]PATH[:TAG][@DIGEST],"
                            + " in lower case but for the tag."));
    DaemonConfiguration configuration = options.load(Level.WARN);
    try (Wiring wiring = Wiring.ofPreview(touched(configuration))) {
      return explain(reference, configuration, wiring).number();
    }
  }

  private DaemonConfiguration touched(DaemonConfiguration configuration) {
    return host ? configuration.withoutClusters() : configuration.withoutTargets();
  }

  private ExitCode explain(
      ImageReference reference, DaemonConfiguration configuration, Wiring wiring)
      throws CommandFailure {
    @Nullable RoundResult round = verify ? wiring.round().preview("explain") : null;
    Standing standing = round == null ? wiring.round().declared() : round.standing();
    Declarations declarations = Declared.inForce(standing).declarations();
    ClustersSnapshot clusters = snapshot == null ? null : new SnapshotFile(snapshot).read();
    List<Environment> environments = environments(declarations, configuration, clusters);
    var explaining = new Explaining(declarations, image, where(wiring, clusters));
    Map<String, Finding> findings =
        round == null
            ? Map.of()
            : findings(reference, environments, explaining, round.material(), wiring);
    var document =
        ExplainDocument.of(reference, explaining, environments, findings)
            .with(notes(standing, wiring));
    output.print(document);
    List<Result> results = findings.values().stream().map(Finding::result).toList();
    return Declared.exitCode(results, standing);
  }

  private List<String> notes(Standing standing, Wiring wiring) {
    var notes = new ArrayList<>(Declared.conditions(standing));
    if (host && wiring.targets().isEmpty()) {
      notes.add("This instance has no host: its configuration has no `host`.");
    }
    return notes;
  }

  private Explaining.Where where(Wiring wiring, @Nullable ClustersSnapshot clusters)
      throws CommandFailure {
    Surroundings.Host asked = null;
    for (ServedTarget target : wiring.targets()) {
      try {
        if (target.target().surroundings() instanceof Surroundings.Host found) {
          asked = found;
        }
      } catch (TargetException e) {
        throw new CommandFailure(
            ExitCode.UNAVAILABLE,
            e.getMessage() + "\n  Run it on the host itself, as the user that the daemon runs as.");
      }
    }
    return new Explaining.Where(namespace.name(), asked, clusters);
  }

  private List<Environment> environments(
      Declarations declarations,
      DaemonConfiguration configuration,
      @Nullable ClustersSnapshot clusters)
      throws CommandFailure {
    var belonging = new Belonging(declarations, configuration, environment.name());
    String only = namespace.name();
    if (only != null) {
      if (clusters != null && environment.name() == null) {
        return claimants(only, declarations, clusters);
      }
      Environment owner = belonging.of(only);
      return owner == null ? List.of() : List.of(owner);
    }
    return belonging.environments().stream()
        .filter(one -> !host || isOnHost(one, configuration.host()))
        .toList();
  }

  /// All whose rules may hold in a namespace, of whatever cluster.
  private static List<Environment> claimants(
      String namespace, Declarations declarations, ClustersSnapshot clusters) {
    return clusters.clusters().stream()
        .map(cluster -> Governed.in(clusters, cluster, declarations).get(namespace))
        .filter(Objects::nonNull)
        .flatMap(governing -> governing.keySet().stream())
        .distinct()
        .sorted()
        .map(name -> declarations.environments().get(name))
        .filter(Objects::nonNull)
        .toList();
  }

  private static boolean isOnHost(
      Environment environment, DaemonConfiguration.@Nullable Host host) {
    Environment.Hosts hosts = environment.hosts();
    return host != null
        && hosts != null
        && host.labels().entrySet().containsAll(hosts.matchLabels().entrySet());
  }

  /// By the name of the environment.
  private static Map<String, Finding> findings(
      ImageReference reference,
      List<Environment> environments,
      Explaining explaining,
      Map<String, RegistryMaterial> material,
      Wiring wiring) {
    var check = new ImageCheck(explaining.declarations(), material, wiring.probe());
    List<Pull> pulls =
        environments.stream()
            .map(one -> new Pull(explaining.pulled(one).orElse(reference), one))
            .toList();
    return check.ask(pulls).entrySet().stream()
        .filter(entry -> entry.getKey().environment() != null)
        .collect(Collectors.toMap(ExplainCommand::environment, Map.Entry::getValue));
  }

  private static String environment(Map.Entry<Pull, Finding> entry) {
    Environment environment = entry.getKey().environment();
    return environment == null ? "" : environment.name();
  }
}
