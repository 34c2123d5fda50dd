package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PullProbeTest {
  private static final Containerd.Refusal DENIED =
      new Containerd.Refusal(5, "failed to resolve image: no resolve hosts: not found");
  private static final Containerd.Refusal NO_SUCH_IMAGE =
      new Containerd.Refusal(5, "quay.test/x: not found");

  private static final String HOST = "probe-random.invalid";
  private static final String IMAGE = HOST + "/probe:1";

  private final PullProbe probe = new PullProbe(() -> "random");

  @Test
  void takesOnlyARefusalWithoutAServerForADenial() {
    assertThat(probe.unlisted(new FakeImages(_ -> DENIED)))
        .isEqualTo(new PullProbe.Finding.Denied());
    assertThat(probe.unlisted(new FakeImages(_ -> null)))
        .isInstanceOf(PullProbe.Finding.Asked.class);
  }

  // As 1.6, 1.7 and 2.x say it.
  @Test
  void isRefutedByWhatNamesTheHostThatWasAsked() {
    String reference = "failed to resolve reference \"" + IMAGE + "\": ";
    for (String reason :
        List.of(
            "failed to do request: Head \"https://" + HOST + "/v2/probe/manifests/1\": EOF",
            "dial tcp: lookup " + HOST + " on 127.0.0.53:53: no such host",
            "unexpected status from HEAD request to https://" + HOST + "/v2/probe: 503",
            "failed to do request: Head \"https://m.test/v2/probe/manifests/1?ns="
                + HOST
                + "\": EOF",
            IMAGE + ": not found")) {
      assertThat(finding(2, reference + reason))
          .as(reason)
          .isInstanceOf(PullProbe.Finding.Asked.class);
    }
  }

  @Test
  void isNotRefutedByATroubleOfContainerdItself() {
    String text = "failed to pull and unpack image \"" + IMAGE + "\": ";
    for (int code : List.of(2, 4, 5, 8, 13, 14)) {
      assertThat(finding(code, text + "server is not initialized yet"))
          .as("status " + code)
          .isInstanceOf(PullProbe.Finding.Unclear.class);
    }
    Containerd.Images silent =
        new FakeImages(
            _ -> {
              throw new IOException("no answer in time");
            });
    assertThat(probe.unlisted(silent)).isInstanceOf(PullProbe.Finding.Unclear.class);
  }

  @Test
  void namesAllowedRegistriesThatAreRefused() throws Exception {
    Containerd.Images images =
        new FakeImages(image -> image.startsWith("lost.test/") ? DENIED : NO_SUCH_IMAGE);
    assertThat(probe.refused(images, List.of("quay.test", "lost.test", "other.test:1")))
        .containsExactly("lost.test");
  }

  @Test
  void refutesNothingByARegistryThatDoesNotAnswer() throws Exception {
    Containerd.Images images =
        new FakeImages(
            _ -> {
              throw new IOException("no answer in time");
            });
    assertThat(probe.refused(images, List.of("quay.test"))).isEmpty();
  }

  private PullProbe.Finding finding(int code, String message) {
    return probe.unlisted(new FakeImages(_ -> new Containerd.Refusal(code, message)));
  }
}
