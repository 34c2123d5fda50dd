package dev.tidewaiter.target.host.containerd;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers to pulls as a test wants; knows no containers.
record FakeImages(Answer answer) implements Containerd.Images {
  /// What becomes of a pull.
  interface Answer {
    /// @return null if the image comes
    Containerd.@Nullable Refusal to(String image) throws IOException;
  }

  @Override
  public Optional<Containerd.Refusal> pull(String image, Duration limit) throws IOException {
    return Optional.ofNullable(answer.to(image));
  }

  @Override
  public List<String> imagesOf(String namespace) {
    return List.of();
  }

  @Override
  public List<String> imagesOfContainer(String id) {
    return List.of();
  }
}
