package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.certsd.Denials;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// What an engine knows of a denial.
///
/// @param self the container in which we run
record EngineDenials(DockerEngine engine, OwnContainer self) implements Denials {
  @Override
  public List<ImageReference> needed() throws IOException {
    return NeededImages.among(running().containers(), self.ids());
  }

  @Override
  public Optional<String> refutation() throws IOException {
    return switch (new PullProbe(running()).askUnlisted()) {
      case DENIED -> Optional.empty();
      case ASKED ->
          Optional.of(
              "dockerd still looks for registries that are not listed. Its log says whether it"
                  + " could read the file; it has to be Docker 28 or newer with the containerd image"
                  + " store.");
      case UNKNOWN ->
          throw new HostFileException(
              FailureReason.Unavailable,
              "dockerd did not say whether it refuses registries that are not listed, so the"
                  + " allow-list stays as it was; its log says what stood in the way.");
    };
  }

  private DockerEngine.Running running() throws IOException {
    return engine
        .find()
        .orElseThrow(
            () ->
                HostFileException.unsafe(
                    "dockerd does not run, so it cannot be asked what the machine needs. Start it;"
                        + " until then the allow-list stays as it is."));
  }
}
