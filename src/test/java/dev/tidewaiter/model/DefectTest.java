package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import dev.tidewaiter.testing.Canary;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DefectTest {
  private final Canary canary = new Canary("defect");

  @Test
  void keepsWhatOurOwnCodeSays() {
    var defect = Defect.of(new IllegalStateException("there twice: Secret/shop/pull"));
    assertThat(printed(defect))
        .contains("java.lang.IllegalStateException: there twice: Secret/shop/pull")
        .contains("DefectTest.keepsWhatOurOwnCodeSays");
  }

  @Test
  void dropsWhatALibraryQuotes() {
    RuntimeException thrown = catchRuntimeException(() -> Integer.parseInt(canary.value()));
    assertThat(canary.isIn(thrown.toString())).isTrue();
    String text = printed(Defect.of(thrown));
    canary.assertAbsentFrom(text, "a defect");
    assertThat(text).contains("java.lang.NumberFormatException").contains("Integer.parseInt");
  }

  @Test
  void dropsWhatACauseQuotes() {
    RuntimeException cause = catchRuntimeException(() -> Integer.parseInt(canary.value()));
    canary.assertAbsentFrom(printed(Defect.of(new IllegalStateException(cause))), "its wrapper");
    String text = printed(Defect.of(new IllegalStateException("defect in a cycle", cause)));
    canary.assertAbsentFrom(text, "a cause");
    assertThat(text)
        .contains("defect in a cycle")
        .contains("Caused by: ")
        .contains("java.lang.NumberFormatException");
  }

  @Test
  void dropsWhatWasSuppressed() {
    var thrown = new IllegalStateException("ours");
    thrown.addSuppressed(catchRuntimeException(() -> Integer.parseInt(canary.value())));
    canary.assertAbsentFrom(printed(Defect.of(thrown)), "a suppressed exception");
  }

  @Test
  void endsWhereCausesGoInACircle() {
    var first = new IllegalStateException("first");
    first.initCause(new IllegalStateException("second", first));
    assertThat(printed(Defect.of(first))).containsOnlyOnce("first").containsOnlyOnce("second");
  }

  private static String printed(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
