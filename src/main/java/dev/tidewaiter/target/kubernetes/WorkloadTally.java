package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.policy.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Puts what was listed together to workloads: what an object of ours to list owns belongs to it.
///
/// Owners are to be added before what they own. Static pods are no workloads: admission is not
/// asked about them, only about the mirror pods that show them.
final class WorkloadTally {
  /// Of a pod that only shows what a node runs by itself.
  private static final String MIRROR = "kubernetes.io/config.mirror";

  private final Map<String, Gathered> byUid = new HashMap<>();
  private final List<Gathered> workloads = new ArrayList<>();

  /// UIDs of what is at its end: it takes along what it owns.
  private final Set<String> over = new HashSet<>();

  /// One workload in the making.
  ///
  /// @param template what its next pod is made of
  private record Gathered(
      WorkloadKind kind, String namespace, String name, PodSpec template, Set<String> more) {
    Workload workload() {
      var images = new LinkedHashSet<>(template.images().values());
      images.addAll(more);
      return new Workload(
          kind.word(),
          namespace,
          name,
          template.critical(),
          List.copyOf(images),
          new TreeSet<>(template.pullSecrets()),
          template.serviceAccount());
    }
  }

  void add(WorkloadKind kind, JsonNode object) {
    JsonNode metadata = object.path("metadata");
    if (metadata.path("annotations").has(MIRROR)) {
      return;
    }
    String uid = Json.string(metadata, "uid");
    JsonNode controller = controller(metadata);
    String ownerUid = controller == null ? "" : Json.string(controller, "uid");
    if (kind.isOver(object) || over.contains(ownerUid)) {
      over.add(uid);
      return;
    }
    PodSpec spec = PodSpec.of(kind.podSpec(object));
    Gathered owner = byUid.get(ownerUid);
    if (owner != null) {
      byUid.put(uid, owner);
      // A ReplicaSet of an earlier revision makes pods only while it has some.
      if (kind == WorkloadKind.POD) {
        owner.more().addAll(spec.without(owner.template()));
      }
    } else if (!isAsleep(kind, object, controller)) {
      var gathered =
          new Gathered(
              kind,
              Json.string(metadata, "namespace"),
              Json.string(metadata, "name"),
              spec,
              new LinkedHashSet<>());
      byUid.put(uid, gathered);
      workloads.add(gathered);
    }
  }

  private static @Nullable JsonNode controller(JsonNode metadata) {
    for (JsonNode reference : metadata.path("ownerReferences")) {
      if (reference.path("controller").asBoolean(false)) {
        return reference;
      }
    }
    return null;
  }

  /// A ReplicaSet without replicas that a controller of others keeps to roll back to, such as
  /// Argo's `Rollout`.
  private static boolean isAsleep(
      WorkloadKind kind, JsonNode object, @Nullable JsonNode controller) {
    return kind == WorkloadKind.REPLICA_SET
        && controller != null
        && object.path("spec").path("replicas").asInt(1) == 0;
  }

  List<Workload> workloads() {
    return workloads.stream()
        .map(Gathered::workload)
        .sorted(
            Comparator.comparing(Workload::kind)
                .thenComparing(Workload::namespace)
                .thenComparing(Workload::name))
        .toList();
  }
}
