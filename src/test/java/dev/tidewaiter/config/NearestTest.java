package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KNOWN = List.of("address", "state", "tls");

  @Test
  void findsTheWordThatWasMeant() {
    assertThat(Nearest.find("adress", KNOWN)).contains("address");
    assertThat(Nearest.find("STATE", KNOWN)).contains("state");
    assertThat(Nearest.find("ttls", KNOWN)).contains("tls");
  }

  @Test
  void findsNothingThatIsTooFar() {
    assertThat(Nearest.find("xyzzy", KNOWN)).isEmpty();
    assertThat(Nearest.find("", KNOWN)).isEmpty();
    assertThat(Nearest.find("a".repeat(10_000), KNOWN)).isEmpty();
  }
}
