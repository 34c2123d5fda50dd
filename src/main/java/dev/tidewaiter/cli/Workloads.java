package dev.tidewaiter.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The workloads in manifests of Kubernetes, with the images that their pods name: of containers,
/// init containers, ephemeral containers and image volumes.
final class Workloads {
  /// Where the pod is in a workload, by its kind.
  private static final Map<String, String> PODS =
      Map.of(
          "Pod", "/spec",
          "PodTemplate", "/template/spec",
          "Deployment", "/spec/template/spec",
          "StatefulSet", "/spec/template/spec",
          "DaemonSet", "/spec/template/spec",
          "ReplicaSet", "/spec/template/spec",
          "ReplicationController", "/spec/template/spec",
          "Job", "/spec/template/spec",
          "CronJob", "/spec/jobTemplate/spec/template/spec");

  private static final List<String> CONTAINERS =
      List.of("containers", "initContainers", "ephemeralContainers");

  private final List<Workload> found = new ArrayList<>();
  private final SortedSet<String> others = new TreeSet<>();

  /// @param name with its kind, as `Deployment/web`
  /// @param namespace null if the manifest names none
  /// @param images as written, sorted
  record Workload(String file, String name, @Nullable String namespace, SortedSet<String> images) {}

  /// @param root of one document
  void add(String file, JsonNode root) {
    String kind = root.path("kind").asString("");
    JsonNode items = root.path("items");
    String pod = PODS.get(kind);
    if (items.isArray() && kind.endsWith("List")) {
      items.forEach(item -> add(file, item));
    } else if (pod != null) {
      found.add(workload(file, kind, root, root.at(pod)));
    } else {
      others.add(kind.isEmpty() ? "(no kind)" : kind);
    }
  }

  List<Workload> found() {
    return List.copyOf(found);
  }

  /// The kinds of documents that were passed over.
  SortedSet<String> others() {
    return new TreeSet<>(others);
  }

  private static Workload workload(String file, String kind, JsonNode root, JsonNode pod) {
    JsonNode metadata = root.path("metadata");
    String name = metadata.path("name").asString(metadata.path("generateName").asString(""));
    String namespace = metadata.path("namespace").asString("");
    var images = new TreeSet<String>();
    CONTAINERS.forEach(
        list -> pod.path(list).forEach(container -> put(images, container.path("image"))));
    pod.path("volumes").forEach(volume -> put(images, volume.at("/image/reference")));
    return new Workload(file, kind + "/" + name, namespace.isEmpty() ? null : namespace, images);
  }

  // A container without one gets it from somebody else, such as an injector of sidecars.
  private static void put(SortedSet<String> images, JsonNode image) {
    if (!image.asString("").isEmpty()) {
      images.add(image.asString(""));
    }
  }
}
