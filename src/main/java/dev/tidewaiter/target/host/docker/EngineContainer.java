package dev.tidewaiter.target.host.docker;

import java.util.List;
import java.util.Map;

/// A container as the engine lists it, running or not.
///
/// @param id in full
/// @param images every name of its image with a host or without; empty if it has none any more
/// @param labels of the container and its image
record EngineContainer(String id, List<String> images, Map<String, String> labels) {
  EngineContainer {
    images = List.copyOf(images);
    labels = Map.copyOf(labels);
  }
}
