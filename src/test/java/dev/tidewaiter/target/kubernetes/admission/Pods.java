package dev.tidewaiter.target.kubernetes.admission;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Pods as developers write them.
final class Pods {
  private Pods() {}

  /// One with a container for each image: `c0`, `c1` and so on.
  static ObjectNode running(String... images) {
    return running(List.of(images));
  }

  static ObjectNode running(List<String> images) {
    ObjectNode pod = JsonNodeFactory.instance.objectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod").putObject("metadata").put("name", "shop");
    with(pod, "containers", "c", images);
    return pod;
  }

  static ObjectNode withInit(ObjectNode pod, String... images) {
    return with(pod, "initContainers", "i", List.of(images));
  }

  static ObjectNode withEphemeral(ObjectNode pod, String... images) {
    return with(pod, "ephemeralContainers", "e", List.of(images));
  }

  static ObjectNode withVolume(ObjectNode pod, String... references) {
    ObjectNode spec = pod.withObject("spec");
    for (String reference : references) {
      int number = spec.withArray("volumes").size();
      spec.withArray("volumes")
          .addObject()
          .put("name", "v" + number)
          .putObject("image")
          .put("reference", reference);
    }
    return pod;
  }

  /// As pod security `restricted` asks for.
  static ObjectNode restricted(ObjectNode pod) {
    ObjectNode security = pod.withObject("spec").putObject("securityContext");
    security.put("runAsNonRoot", true).putObject("seccompProfile").put("type", "RuntimeDefault");
    for (JsonNode container : pod.withObject("spec").withArray("containers")) {
      ObjectNode own = ((ObjectNode) container).putObject("securityContext");
      own.put("allowPrivilegeEscalation", false);
      own.putObject("capabilities").putArray("drop").add("ALL");
    }
    return pod;
  }

  static ObjectNode withSecrets(ObjectNode pod, String... names) {
    for (String name : names) {
      pod.withObject("spec").withArray("imagePullSecrets").addObject().put("name", name);
    }
    return pod;
  }

  static ObjectNode named(ObjectNode pod, String name) {
    pod.withObject("metadata").put("name", name);
    return pod;
  }

  static ObjectNode labelled(ObjectNode pod, String key, String value) {
    pod.withObject("metadata").withObject("labels").put(key, value);
    return pod;
  }

  /// As a kubelet shows a static pod of its node, or as somebody pretends to.
  static ObjectNode mirrored(ObjectNode pod) {
    pod.withObject("metadata").withObject("annotations").put("kubernetes.io/config.mirror", "0123");
    return pod;
  }

  static ObjectNode onNode(ObjectNode pod, String node) {
    pod.withObject("spec").put("nodeName", node);
    return pod;
  }

  private static ObjectNode with(ObjectNode pod, String kind, String prefix, List<String> images) {
    ObjectNode spec = pod.withObject("spec");
    for (String image : images) {
      int number = spec.withArray(kind).size();
      spec.withArray(kind).addObject().put("name", prefix + number).put("image", image);
    }
    return pod;
  }

  static ObjectNode copy(JsonNode pod) {
    return (ObjectNode) pod.deepCopy();
  }
}
