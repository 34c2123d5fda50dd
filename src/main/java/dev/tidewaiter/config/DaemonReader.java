package dev.tidewaiter.config;

import dev.tidewaiter.config.DaemonConfiguration.Aws;
import dev.tidewaiter.config.DaemonConfiguration.Cluster;
import dev.tidewaiter.config.DaemonConfiguration.ClusterAccess;
import dev.tidewaiter.config.DaemonConfiguration.ConfigPath;
import dev.tidewaiter.config.DaemonConfiguration.Google;
import dev.tidewaiter.config.DaemonConfiguration.Host;
import dev.tidewaiter.config.DaemonConfiguration.Listen;
import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.DaemonConfiguration.Probe;
import dev.tidewaiter.config.DaemonConfiguration.Repository;
import dev.tidewaiter.config.DaemonConfiguration.Vault;
import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A document of kind Daemon, valid by its schema, to the configuration.
final class DaemonReader {
  private final Path base;
  private final Path defaultStateDirectory;
  private final List<Problem> problems;
  private final Urls urls;

  /// @param base where relative paths start
  /// @param problems receives what the schema could not see
  DaemonReader(Path base, Path defaultStateDirectory, List<Problem> problems) {
    this.base = base;
    this.defaultStateDirectory = defaultStateDirectory;
    this.problems = problems;
    this.urls = new Urls(problems);
  }

  LoadedConfiguration read(String instance, Fields spec) {
    Repository repository = new RepositoryReader(base, urls, problems).read(spec.in("repository"));
    HttpProxy proxy = spec.has("proxy") ? proxy(spec.in("proxy")) : null;
    Vault vault =
        spec.has("vault") ? new VaultReader(base, urls, problems).read(spec.in("vault")) : null;
    List<Cluster> clusters = clusters(spec);
    Listen listen = listen(spec);
    var reach = new ReachReader(problems);
    Aws aws = reach.aws(spec.in("aws"));
    Google google = reach.google(spec.in("google"));
    Probe probe = reach.probe(spec.in("probe"));
    Host host = spec.has("host") ? host(spec.in("host")) : null;
    if (!problems.isEmpty() || repository == null) {
      return new LoadedConfiguration.Rejected(problems);
    }
    var configuration =
        new DaemonConfiguration(
            instance,
            spec.has("stateDirectory")
                ? path(base, spec.text("stateDirectory"))
                : defaultStateDirectory,
            repository,
            proxy,
            vault,
            spec.in("files").texts("allowedDirectories").stream().map(Path::of).toList(),
            aws,
            google,
            probe,
            clusters,
            host,
            spec.textsOrNull("environments"),
            duration(spec.text("resyncInterval")),
            listen);
    return new LoadedConfiguration.Accepted(configuration, notes(spec, configuration));
  }

  private static List<Problem> notes(Fields spec, DaemonConfiguration configuration) {
    return configuration.clusters().isEmpty() && configuration.host() == null
        ? List.of(
            new Problem(
                spec.place(),
                "The instance has neither clusters nor a host, so it applies nothing.",
                "Add `clusters` or `host`."))
        : List.of();
  }

  /// A path as the file has it, made absolute.
  static Path path(Path base, String text) {
    return base.resolve(text).normalize();
  }

  /// The path of a `{file: …}`; null if it is absent.
  static @Nullable Path fileOrNull(Path base, Fields fields, String name) {
    return fields.has(name) ? path(base, fields.in(name).text("file")) : null;
  }

  /// A number with its unit, as the schema allows it: `10s`, `5m`, `1h`.
  static Duration duration(String text) {
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      case 'h' -> Duration.ofHours(number);
      default -> throw new IllegalStateException("not a unit of the schema: " + text);
    };
  }

  private @Nullable HttpProxy proxy(Fields proxy) {
    URI url = urls.read(proxy, "url", Set.of("http"), "Name a proxy that asks for none.");
    return url == null
        ? null
        : new HttpProxy(
            url.getHost(),
            url.getPort() < 0 ? HttpProxy.DEFAULT_PORT : url.getPort(),
            proxy.texts("noProxy"));
  }

  private List<Cluster> clusters(Fields spec) {
    List<Cluster> clusters = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields cluster : spec.each("clusters")) {
      String name = cluster.text("name");
      if (!names.add(name)) {
        problems.add(cluster.problem("name", "is taken", "Give each cluster its own name."));
      }
      if (cluster.has("inCluster") == cluster.has("kubeconfig")) {
        problems.add(
            cluster.problem(
                "",
                "must have exactly one of `inCluster`, `kubeconfig`",
                "Write `inCluster: true`, or `kubeconfig: {file: …}`."));
      }
      Fields limits = cluster.in("namespaces");
      clusters.add(
          new Cluster(
              name,
              access(cluster),
              new NamespaceLimits(limits.texts("allow"), limits.texts("deny"))));
    }
    return List.copyOf(clusters);
  }

  private ClusterAccess access(Fields cluster) {
    Fields kubeconfig = cluster.in("kubeconfig");
    return cluster.has("kubeconfig")
        ? new ClusterAccess.Kubeconfig(
            path(base, kubeconfig.text("file")), kubeconfig.textOrNull("context"))
        : new ClusterAccess.InCluster();
  }

  private static Host host(Fields host) {
    return new Host(
        host.map("labels"),
        Path.of(host.text("root")),
        host.in("containerd").word("configPath", ConfigPath.class));
  }

  private Listen listen(Fields spec) {
    String text = spec.text("listen");
    int colon = text.lastIndexOf(':');
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port > 65_535) {
      problems.add(spec.problem("listen", "has no such port", "Write a port from 0 to 65535."));
    }
    return new Listen(text.substring(0, colon).replaceAll("[\\[\\]]", ""), port);
  }
}
