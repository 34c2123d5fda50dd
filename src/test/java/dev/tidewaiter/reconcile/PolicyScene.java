package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.registries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.reconcile.activation.Activation;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// A cluster with namespaces `shop` and `web`, an environment `production` of both, and its policy,
/// as it changes in Git. Each cycle is a process of its own, unless a test runs a daemon.
final class PolicyScene {
  static final String POLICY = "tidewaiter.test.production";
  static final String CANDIDATE = POLICY + ".candidate";

  final Harness world;
  final InMemoryTarget cluster;

  PolicyScene(Path directory) {
    world = new Harness(directory);
    cluster = world.cluster("one", "shop", "web");
    cluster.admit();
  }

  /// Commits the policy `restricted` with these lines of its specification.
  PolicyScene declare(String... policy) {
    return declareIn("namespaces: {names: [shop, web]}\n  policy: restricted", policy);
  }

  /// The same, with lines of the environment's specification.
  PolicyScene declareIn(String environment, String... policy) {
    world.source.commit(
        registries()
            + """
            ---
            apiVersion: tidewaiter.dev/v1
            kind: RegistryPolicy
            metadata: {name: restricted}
            spec:
              %s
            ---
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec:
              registries: [quay, hub]
              %s
            """
                .formatted(String.join("\n  ", policy), environment));
    return this;
  }

  PolicyScene running(String name, String... images) {
    return running(name, false, images);
  }

  PolicyScene critical(String name, String... images) {
    return running(name, true, images);
  }

  private PolicyScene running(String name, boolean critical, String... images) {
    return running("shop", name, critical, images);
  }

  PolicyScene runningIn(String namespace, String name, String... images) {
    return running(namespace, name, false, images);
  }

  private PolicyScene running(String namespace, String name, boolean critical, String... images) {
    cluster.run(
        new Workload(
            "Deployment", namespace, name, critical, List.of(images), new TreeSet<>(), "default"));
    return this;
  }

  /// A new process applies what is declared.
  CycleReport apply() {
    OneShotResult result = world.process().apply();
    assertThat(result.reports()).hasSize(1);
    return result.reports().getFirst();
  }

  CycleReport preview() {
    return world.process().preview().reports().getFirst();
  }

  /// `Deny Audit`, `Warn Audit` or `Audit`; empty if there is no such binding.
  String actions(String policy) {
    return cluster.textOf(binding(policy, "names"), "actions");
  }

  /// Whether the policy in force admits only what these entries cover.
  void assertAllows(String policy, String... entries) {
    assertThat(cluster.textsOf(policy(policy)).keySet())
        .filteredOn(field -> field.startsWith("allow/"))
        .containsExactlyInAnyOrder(
            List.of(entries).stream().map("allow/"::concat).toArray(String[]::new));
  }

  static ResourceId policy(String name) {
    return new ResourceId(ResourceKind.ALLOW_POLICY, ResourceId.CLUSTER_WIDE, name);
  }

  static ResourceId defaults(String name) {
    return new ResourceId(ResourceKind.DEFAULT_POLICY, ResourceId.CLUSTER_WIDE, name);
  }

  static ResourceId binding(String policy, String clause) {
    return new ResourceId(
        ResourceKind.ALLOW_BINDING, ResourceId.CLUSTER_WIDE, policy + "." + clause);
  }

  static String message(CycleReport report, Reason reason) {
    return report.conditions().stream()
        .filter(condition -> condition.reason() == reason)
        .map(Condition::message)
        .findFirst()
        .orElse("");
  }

  static String approval(CycleReport report) {
    Activation activation = report.activation();
    String approval = activation == null ? null : activation.approval();
    return approval == null ? "" : approval;
  }

  /// `web: nginx`
  static List<String> denied(CycleReport report) {
    Activation activation = report.activation();
    return activation == null
        ? List.of()
        : activation.denied().stream()
            .map(one -> one.workload().name() + ": " + one.images().getFirst().image())
            .toList();
  }
}
