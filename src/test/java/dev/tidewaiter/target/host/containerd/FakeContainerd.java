package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.target.host.HostFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says what a test wants it to say.
///
/// @param number of its version
/// @param effective what `config dump` prints
record FakeContainerd(
    Path settings,
    String number,
    String effective,
    Containerd.@Nullable Running running,
    Containerd.Images images)
    implements Containerd, Containerd.Program {
  private static final Images NONE_ASKED =
      new FakeImages(
          _ -> {
            throw new IllegalStateException("no image is asked for");
          });

  static FakeContainerd started(Path settings, String number, String effective, Instant when) {
    return new FakeContainerd(settings, number, effective, new Running(7, when), NONE_ASKED);
  }

  FakeContainerd stopped() {
    return new FakeContainerd(settings, number, effective, null, images);
  }

  FakeContainerd pulling(FakeImages.Answer answer) {
    return new FakeContainerd(settings, number, effective, running, new FakeImages(answer));
  }

  @Override
  public Optional<Program> find() {
    return Optional.of(this);
  }

  @Override
  public ContainerdVersion version() {
    return ContainerdVersion.parse("containerd github.com/containerd/containerd v" + number)
        .orElseThrow();
  }

  @Override
  public EffectiveSettings dump(@Nullable Path file) throws HostFileException {
    return EffectiveSettings.parse("time=\"today\" level=warning msg=\"old\"\n" + effective);
  }
}
