package dev.tidewaiter.cli;

import dev.tidewaiter.cli.impact.ClustersSnapshot;
import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.testbed.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// A repository that limits an environment in its newest commit, and what runs in a cluster.
final class ImpactFixture {
  static final Instant TAKEN = Instant.parse("2026-11-21T08:00:00Z");

  private static final String REGISTRIES =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: quay}
      spec:
        address: quay.io
        credential: {basic: {username: acme, password: {vault: {path: secret/quay, key: password}}}}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: mirror}
      spec:
        address: mirror.example
        credential: {basic: {username: acme, password: {vault: {path: secret/hub, key: password}}}}
      """;

  private static final String BEFORE =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: production}
      spec: {registries: [quay, mirror], namespaces: {names: [shop, cart, desk]}}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: staging}
      spec: {registries: [quay], namespaces: {selector: {matchLabels: {stage: test}}}}
      """;

  private static final String AFTER =
      """
      apiVersion: tidewaiter.dev/v1
      kind: RegistryPolicy
      metadata: {name: limited}
      spec:
        allowedRegistries: [mirror.example]
        defaultRegistry: mirror.example/hub
        activation: {maxDenied: 0}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: RegistryPolicy
      metadata: {name: trial}
      spec: {allowedRegistries: [quay.io], enforcement: Warn}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: production}
      spec: {registries: [mirror], policy: limited, namespaces: {names: [shop, cart]}}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: staging}
      spec:
        registries: [quay]
        policy: trial
        namespaces: {selector: {matchLabels: {stage: test}}}
      """;

  private final GitRepository repository;
  private final Path file;

  ImpactFixture(Path directory) throws CommandFailure {
    repository = GitRepository.create(directory);
    repository
        .write("registries.yaml", REGISTRIES)
        .write("environments.yaml", BEFORE)
        .commit("Give access");
    repository.write("environments.yaml", AFTER).commit("Limit it");
    file = directory.resolve("clusters.json");
    keep(TAKEN);
  }

  void keep(Instant takenAt) throws CommandFailure {
    new SnapshotFile(file).write(snapshot(takenAt));
  }

  /// As a new commit.
  void change(String text, String replacement) throws IOException {
    String before = Files.readString(repository.work().resolve("environments.yaml"));
    if (!before.contains(text)) {
      throw new IllegalArgumentException("not in the file: " + text);
    }
    repository.write("environments.yaml", before.replace(text, replacement)).commit("Change it");
  }

  Path file() {
    return file;
  }

  GitRepository repository() {
    return repository;
  }

  static ClustersSnapshot snapshot(Instant takenAt) {
    var cluster =
        new ClustersSnapshot.Cluster(
            "prod",
            new NamespaceLimits(List.of(), List.of()),
            "tidewaiter",
            new Admission(true, Admission.Mutating.V1, "v1.36.3"),
            List.of(
                namespace("cart", ""),
                namespace("desk", ""),
                namespace("elsewhere", ""),
                namespace("shop", ""),
                namespace("trial", "test")),
            List.of(
                workload("Deployment", "shop", "web", "nginx:1", "quay.io/acme/web:2"),
                workload("CronJob", "shop", "report", "mirror.example/acme/report"),
                workload("StatefulSet", "cart", "store", "quay.io/acme/store:1"),
                workload("Job", "desk", "print", "quay.io/acme/print"),
                workload("Deployment", "trial", "demo", "docker.io/library/redis:7"),
                workload("Pod", "elsewhere", "other", "must-not-be-judged.example/image")));
    return new ClustersSnapshot(
        ClustersSnapshot.VERSION, takenAt, "test", List.of(), List.of(cluster));
  }

  private static Surroundings.Namespace namespace(String name, String stage) {
    return new Surroundings.Namespace(
        name,
        stage.isEmpty() ? Map.of() : Map.of("stage", stage),
        "",
        false,
        List.of("default"),
        List.of());
  }

  private static Workload workload(String kind, String namespace, String name, String... images) {
    return new Workload(kind, namespace, name, false, List.of(images), new TreeSet<>(), "default");
  }

  /// `impact` of the newest commit on the snapshot.
  ///
  /// @param more with which `--from` may be another one
  Shell.Ended impact(String... more) {
    var arguments = new ArrayList<>(List.of("impact", "--checkout", repository.work().toString()));
    arguments.addAll(List.of("--to", "HEAD", "--snapshot", file.toString()));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--from")) {
      arguments.addAll(List.of("--from", "HEAD~1"));
    }
    return Shell.run(arguments.toArray(String[]::new));
  }
}
