package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.policy.DefaultRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What is kept of a pod's `spec`, or of the template that pods are made of.
///
/// @param images by where they are, such as `containers/web`
/// @param pullSecrets names that the pods themselves have
record PodSpec(
    SortedMap<String, String> images,
    Set<String> pullSecrets,
    String serviceAccount,
    boolean critical) {
  private static final List<String> CONTAINERS =
      List.of("containers", "initContainers", "ephemeralContainers");

  /// Pods of these run the cluster itself.
  ///
  /// Source: [guaranteed
  /// scheduling](https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/).
  private static final Set<String> CRITICAL =
      Set.of("system-node-critical", "system-cluster-critical");

  static PodSpec of(JsonNode spec) {
    var images = new TreeMap<String, String>();
    for (String kind : CONTAINERS) {
      spec.path(kind).forEach(each -> put(images, kind, each, Json.string(each, "image")));
    }
    spec.path("volumes")
        .forEach(
            each -> put(images, "volumes", each, Json.string(each.path("image"), "reference")));
    var secrets = new TreeSet<String>();
    spec.path("imagePullSecrets").forEach(each -> secrets.add(Json.string(each, "name")));
    String account = Json.string(spec, "serviceAccountName");
    return new PodSpec(
        images,
        secrets,
        account.isEmpty() ? "default" : account,
        CRITICAL.contains(Json.string(spec, "priorityClassName")));
  }

  private static void put(Map<String, String> images, String kind, JsonNode each, String image) {
    // A container may have none, or `auto`, to be filled in by a webhook; most volumes have none.
    if (!image.isEmpty() && !image.equals(DefaultRegistry.AUTO)) {
      images.put(kind + "/" + Json.string(each, "name"), image);
    }
  }

  /// The images that a pod has and the template it was made of has not: those that somebody changed
  /// or added, and those that admission adds to every new pod. An image without a host that
  /// admission moved to a default registry is none: its next pod may be moved elsewhere.
  List<String> without(PodSpec template) {
    var more = new ArrayList<String>();
    images.forEach(
        (place, image) -> {
          String planned = template.images.get(place);
          if (planned == null || !(planned.equals(image) || isMoved(planned, image))) {
            more.add(image);
          }
        });
    return more;
  }

  private static boolean isMoved(String planned, String image) {
    boolean hosted =
        planned.startsWith("docker.io/")
            || planned.startsWith("index.docker.io/")
            || ImageReference.parse(planned)
                .map(reference -> !reference.host().equals("docker.io"))
                .orElse(true);
    String path = planned.startsWith("library/") ? planned.substring(8) : planned;
    return !hosted && image.endsWith("/" + path);
  }
}
