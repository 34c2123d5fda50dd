package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.cli.impact.ClustersSnapshot;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `snapshot`: what `impact` needs to know of the clusters, in a file.
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description = {
      "Writes what `impact` needs of the clusters into a file: namespaces and the images in them.",
      "It contains no secret, and a daemon never reads one. With it a pull-request job needs no"
          + " access to any cluster."
    })
final class SnapshotCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private DaemonOptions options = new DaemonOptions();

  @Parameters(paramLabel = "FILE", description = "Where it goes; replaced if it is there.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws CommandFailure {
    ClustersSnapshot snapshot = Clusters.ask(options.load(Level.WARN));
    new SnapshotFile(file).write(snapshot);
    var out = spec.commandLine().getOut();
    for (ClustersSnapshot.Cluster cluster : snapshot.clusters()) {
      out.println(
          cluster.name()
              + ": "
              + Output.count(cluster.namespaces().size(), "namespace")
              + ", "
              + Output.count(cluster.workloads().size(), "workload"));
    }
    out.flush();
    return ExitCode.OK.number();
  }
}
