package dev.tidewaiter.policy;

import java.util.List;
import java.util.SortedSet;

/// Something that runs pods, or will: judged by the images that its next pod names.
///
/// @param kind `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, `CronJob`, `ReplicaSet`, or `Pod`
///   for a pod that nothing of these owns
/// @param critical whether its pods have a priority class of the system, `system-node-critical` or
///   `system-cluster-critical`: it must never be cut off
/// @param images of containers, init containers, ephemeral containers and image volumes, as
///   written; each once
/// @param pullSecrets that its pods name themselves
/// @param serviceAccount of its pods; `default` if none is written
public record Workload(
    String kind,
    String namespace,
    String name,
    boolean critical,
    List<String> images,
    SortedSet<String> pullSecrets,
    String serviceAccount) {
  /// `Deployment/shop/web`
  public String title() {
    return kind + "/" + namespace + "/" + name;
  }
}
