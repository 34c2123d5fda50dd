package dev.tidewaiter.target.kubernetes.admission;

import java.util.List;
import java.util.stream.Collectors;

/// Where a pod names images, in CEL. All of it may be missing, or null, before the server has
/// looked at it.
final class Places {
  /// A list of containers in the `spec` of a pod, and what people call one of it.
  private record Containers(String field, String title) {}

  private static final List<Containers> CONTAINERS =
      List.of(
          new Containers("containers", "container"),
          new Containers("initContainers", "init container"),
          new Containers("ephemeralContainers", "ephemeral container"));

  private Places() {}

  /// All images of a pod, each as a map of `place` and `image`.
  ///
  /// @param pod `object` or `oldObject`
  static String of(String pod) {
    String containers =
        CONTAINERS.stream()
            .map(kind -> containers(pod + ".spec." + kind.field(), kind.title()))
            .collect(Collectors.joining(" + "));
    return containers + " + " + volumes(pod + ".spec.volumes");
  }

  private static String containers(String list, String title) {
    return present(
        list,
        ".filter(c, has(c.image)).map(c, {'place': '%s ' + %s, 'image': string(c.image)})"
            .formatted(title, name("c")));
  }

  private static String volumes(String list) {
    return present(
        list,
        ".filter(v, has(v.image) && has(v.image.reference)).map(v, {'place': 'volume ' + %s, 'image': string(v.image.reference)})"
            .formatted(name("v")));
  }

  private static String name(String item) {
    return "(has(%1$s.name) ? string(%1$s.name) : '')".formatted(item);
  }

  /// A list made of another one; empty if there is none. Without types, since older servers do not
  /// know all fields and would complain.
  ///
  /// @param made what follows the list
  static String present(String list, String made) {
    return "(has(%1$s) && dyn(%1$s) != null ? dyn(%1$s)%2$s : [])".formatted(list, made);
  }
}
