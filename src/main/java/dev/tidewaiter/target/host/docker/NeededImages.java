package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.model.ImageReference;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Which images the machine itself cannot be without: those of Kubernetes' own pods and of the
/// sandboxes of all pods, and that of the container in which we run.
///
/// Source of the labels: `pkg/kubelet/types/labels.go` of Kubernetes, and `core/sandbox_helpers.go`
/// of cri-dockerd.
final class NeededImages {
  private static final String NAMESPACE = "io.kubernetes.pod.namespace";
  private static final String TYPE = "io.kubernetes.docker.type";

  private NeededImages() {}

  /// @param own ids, or beginnings of ids, of the container in which we run; see [OwnContainer]
  static List<ImageReference> among(List<EngineContainer> containers, Set<String> own) {
    return containers.stream()
        .filter(container -> isSystem(container) || isOwn(container, own))
        .flatMap(NeededImages::references)
        .distinct()
        .toList();
  }

  private static boolean isSystem(EngineContainer container) {
    return "kube-system".equals(container.labels().get(NAMESPACE))
        || "podsandbox".equals(container.labels().get(TYPE));
  }

  private static boolean isOwn(EngineContainer container, Set<String> own) {
    return own.stream().anyMatch(container.id()::startsWith);
  }

  private static Stream<ImageReference> references(EngineContainer container) {
    return container.images().stream().map(ImageReference::parse).flatMap(Optional::stream);
  }
}
