package dev.tidewaiter.target.kubernetes.admission;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What the API server said.
///
/// @param warnings the texts of its warning headers
record Answer(int status, JsonNode body, List<String> warnings) {
  boolean isTaken() {
    return status >= 200 && status < 300;
  }

  String message() {
    return body.path("message").asString("");
  }

  /// The images of a kind of containers in the pod that it answered with.
  List<String> images(String kind) {
    List<String> images = new ArrayList<>();
    body.path("spec").path(kind).forEach(c -> images.add(c.path("image").asString()));
    return images;
  }

  List<String> volumeReferences() {
    List<String> references = new ArrayList<>();
    body.path("spec")
        .path("volumes")
        .forEach(
            volume -> {
              if (volume.has("image")) {
                references.add(volume.path("image").path("reference").asString());
              }
            });
    return references;
  }

  List<String> pullSecrets() {
    List<String> names = new ArrayList<>();
    body.path("spec").path("imagePullSecrets").forEach(s -> names.add(s.path("name").asString()));
    return names;
  }
}
