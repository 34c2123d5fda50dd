package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PullProbeTest {
  private static final Containerd.Refusal DENIED =
      new Containerd.Refusal(5, "failed to resolve image: no resolve hosts: not found");
  private static final Containerd.Refusal NO_SUCH_IMAGE =
      new Containerd.Refusal(5, "quay.test/x: not found");

  private final PullProbe probe = new PullProbe(() -> "random");

  @Test
  void takesOnlyARefusalWithoutAServerForADenial() throws Exception {
    assertThat(probe.refutation(answering(DENIED))).isEmpty();
    assertThat(probe.refutation(answering(NO_SUCH_IMAGE))).isPresent();
    assertThat(probe.refutation(answering(null))).isPresent();
  }

  @Test
  void namesAllowedRegistriesThatAreRefused() throws Exception {
    Containerd.Images images =
        images(image -> image.startsWith("lost.test/") ? DENIED : NO_SUCH_IMAGE);
    assertThat(probe.refused(images, List.of("quay.test", "lost.test", "other.test:1")))
        .containsExactly("lost.test");
  }

  @Test
  void refutesNothingByARegistryThatDoesNotAnswer() throws Exception {
    Containerd.Images images =
        images(
            _ -> {
              throw new IOException("no answer in time");
            });
    assertThat(probe.refused(images, List.of("quay.test"))).isEmpty();
  }

  private static Containerd.Images answering(Containerd.@Nullable Refusal refusal) {
    return images(_ -> refusal);
  }

  private interface Answer {
    Containerd.@Nullable Refusal to(String image) throws IOException;
  }

  private static Containerd.Images images(Answer answer) {
    return new Containerd.Images() {
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
    };
  }
}
