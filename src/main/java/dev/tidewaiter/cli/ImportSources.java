package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.intake.existing.CertsDirectory;
import dev.tidewaiter.intake.existing.DockerFiles;
import dev.tidewaiter.intake.existing.Found;
import dev.tidewaiter.intake.existing.PullSecrets;
import dev.tidewaiter.intake.existing.RegistriesFile;
import dev.tidewaiter.intake.existing.UnreadableException;
import dev.tidewaiter.target.PullSecretSource;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.ClusterPullSecrets;
import dev.tidewaiter.target.kubernetes.ClusterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where `import` looks: any of these, together.
final class ImportSources {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Pull Secrets of a cluster, as a user that may list Secrets: the daemon itself may not.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "A context of the kubeconfig, instead of its current one.")
  private @Nullable String context;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description =
          "With --kubeconfig: the name that the daemon's configuration gives this cluster. Without:"
              + " read this cluster as --config says (repeatable; all of them if nothing else is"
              + " named).")
  private List<String> clusters = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Only pull Secrets of this namespace (repeatable).")
  private List<String> namespaces = List.of();

  @Option(
      names = "--docker-config",
      paramLabel = "FILE",
      description = "A user's config.json (repeatable).")
  private List<Path> dockerConfigs = List.of();

  @Option(
      names = "--certs-directory",
      paramLabel = "DIRECTORY",
      description =
          "A certs.d of containerd or Docker, with a directory for each registry (repeatable).")
  private List<Path> certsDirectories = List.of();

  @Option(
      names = "--registries-yaml",
      paramLabel = "FILE",
      description = "A registries.yaml of k3s or RKE2 (repeatable).")
  private List<Path> registriesFiles = List.of();

  @Option(
      names = "--daemon-json",
      paramLabel = "FILE",
      description = "dockerd's daemon.json: insecure registries (repeatable).")
  private List<Path> daemonFiles = List.of();

  private boolean isEmpty() {
    return kubeconfig == null
        && clusters.isEmpty()
        && dockerConfigs.isEmpty()
        && certsDirectories.isEmpty()
        && registriesFiles.isEmpty()
        && daemonFiles.isEmpty();
  }

  /// Reads all of them: what is missing one would be taken for complete.
  ///
  /// @param daemon null if no configuration was named
  List<Found> read(@Nullable DaemonConfiguration daemon) throws CommandFailure {
    requireOptions();
    var found = new ArrayList<Found>();
    if (kubeconfig != null) {
      var access = new ClusterSettings.Access.Kubeconfig(kubeconfig, context);
      String name = clusters.isEmpty() ? "" : clusters.getFirst();
      found.addAll(read(name, new ClusterSettings(name, access, "import", null, null)));
    } else {
      for (String name : isEmpty() ? all(daemon) : clusters) {
        found.addAll(read(name, settings(name, daemon)));
      }
    }
    try {
      for (Path file : dockerConfigs) {
        found.addAll(DockerFiles.config(file));
      }
      for (Path directory : certsDirectories) {
        found.addAll(CertsDirectory.read(directory));
      }
      for (Path file : registriesFiles) {
        found.addAll(RegistriesFile.read(file));
      }
      for (Path file : daemonFiles) {
        found.addAll(DockerFiles.daemon(file));
      }
    } catch (UnreadableException e) {
      throw new CommandFailure(
          ExitCode.USAGE, e.getMessage() + "\n  Correct it, or import the rest without it.");
    }
    return found;
  }

  private void requireOptions() throws CommandFailure {
    if (kubeconfig != null && clusters.size() > 1) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--cluster: A kubeconfig's context is one cluster, with one name.\n  Import one after the"
              + " other.");
    }
    if (kubeconfig == null && context != null) {
      throw new CommandFailure(
          ExitCode.USAGE, "--context: There is no kubeconfig.\n  Name it with --kubeconfig.");
    }
    if (kubeconfig == null && clusters.isEmpty() && !isEmpty() && !namespaces.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--namespace: There is no cluster to read.\n  Name a --kubeconfig, or a --cluster of"
              + " --config.");
    }
  }

  private static List<String> all(@Nullable DaemonConfiguration daemon) throws CommandFailure {
    if (daemon == null || daemon.clusters().isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "There is nothing to import from.\n  Name a --kubeconfig, a --config that has clusters, or"
              + " files.");
    }
    return daemon.clusters().stream().map(DaemonConfiguration.Cluster::name).toList();
  }

  private static ClusterSettings settings(String name, @Nullable DaemonConfiguration daemon)
      throws CommandFailure {
    if (daemon != null) {
      for (DaemonConfiguration.Cluster cluster : daemon.clusters()) {
        if (cluster.name().equals(name)) {
          return Adapters.cluster(daemon, cluster, null);
        }
      }
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "--cluster "
            + name
            + ": No configuration names such a cluster.\n  Name a configuration that does with"
            + " --config, or a --kubeconfig.");
  }

  private List<Found> read(String name, ClusterSettings settings) throws CommandFailure {
    try (PullSecretSource source =
        ClusterPullSecrets.open(settings, namespaces, Clock.systemUTC(), System.getenv())) {
      return PullSecrets.read(name, source.find(), namespaces);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          e.getMessage()
              + ".\n  Name a kubeconfig of this cluster, and with --context one of its contexts.");
    } catch (TargetException e) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE,
          e.getMessage()
              + (e.denied()
                  ? "\n  Import as a user that may list Secrets; the daemon's own may not."
                  : "\n  Look at the kubeconfig, and whether the cluster answers."));
    }
  }
}
