package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.cli.ImageCheck.Finding;
import dev.tidewaiter.cli.ImageCheck.Pull;
import dev.tidewaiter.cli.Workloads.Workload;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.reconcile.InForce;
import dev.tidewaiter.reconcile.RoundResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `verify`: do the images of a workload exist, and can its namespace pull them? It mints nothing
/// and asks no cluster.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Shows whether the images of workloads exist, and whether their namespaces can pull them.",
      "It mints nothing: for a cloud's registry, a token that is kept in the state directory serves."
    })
final class VerifyCommand implements Callable<Integer> {
  @Mixin private DaemonOptions options = new DaemonOptions();

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE",
      description = "Manifests: a file, a folder, or - for standard input. May be repeated.")
  private List<String> files = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      defaultValue = "default",
      description = "Of workloads that name none (default: ${DEFAULT-VALUE}).")
  private String namespace = "default";

  @Option(
      names = {"-e", "--environment"},
      paramLabel = "NAME",
      description = "Of all workloads, whatever their namespaces.")
  private @Nullable String environment;

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws CommandFailure {
    Workloads workloads = Manifests.read(files, System.in);
    DaemonConfiguration configuration = options.load(Level.WARN);
    try (Wiring wiring = Wiring.ofPreview(configuration.withoutTargets())) {
      RoundResult round = wiring.round().preview("verify");
      InForce inForce = Declared.inForce(round.standing());
      var belonging = new Belonging(inForce.declarations(), configuration, environment);
      Map<Use, SortedSet<String>> uses = uses(workloads, belonging);
      Set<Pull> pulls = new LinkedHashSet<>();
      uses.keySet().forEach(use -> use.pull().ifPresent(pulls::add));
      var check = new ImageCheck(inForce.declarations(), round.material(), wiring.probe());
      Map<Pull, Finding> findings = check.ask(pulls);
      var document =
          new VerifyDocument(
              inForce.revision().id(),
              entries(uses, findings),
              List.copyOf(workloads.others()),
              Declared.conditions(round.standing()));
      output.print(document);
      return Declared.exitCode(document.results(), round.standing()).number();
    }
  }

  /// An image as written, in one environment.
  private record Use(String text, @Nullable Environment environment) {
    /// Empty if the text is no image reference.
    Optional<Pull> pull() {
      return ImageReference.parse(text).map(image -> new Pull(image, environment));
    }
  }

  /// By whom each image is used, in the order of the manifests.
  private Map<Use, SortedSet<String>> uses(Workloads workloads, Belonging belonging)
      throws CommandFailure {
    var uses = new LinkedHashMap<Use, SortedSet<String>>();
    for (Workload workload : workloads.found()) {
      String in = workload.namespace() == null ? namespace : workload.namespace();
      Environment serving = belonging.of(in);
      for (String image : workload.images()) {
        uses.computeIfAbsent(new Use(image, serving), _ -> new TreeSet<>())
            .add(in + "/" + workload.name() + " (" + workload.file() + ")");
      }
    }
    return uses;
  }

  private static List<VerifyDocument.Image> entries(
      Map<Use, SortedSet<String>> uses, Map<Pull, Finding> findings) {
    var entries = new ArrayList<VerifyDocument.Image>();
    uses.forEach(
        (use, users) -> {
          Environment environment = use.environment();
          String name = environment == null ? null : environment.name();
          entries.add(
              use.pull()
                  .map(pull -> VerifyDocument.Image.of(pull, findings.get(pull), name, users))
                  .orElseGet(() -> VerifyDocument.Image.invalid(use.text(), name, users)));
        });
    return entries;
  }
}
