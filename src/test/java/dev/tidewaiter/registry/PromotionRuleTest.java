package dev.tidewaiter.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.registry.PromotionRule.Older;
import dev.tidewaiter.registry.PromotionRule.Situation;
import dev.tidewaiter.registry.RegistryProbe.ImageAnswer;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistrySituation.Proof;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole table of promotion, row by row.
class PromotionRuleTest {
  @ParameterizedTest
  @CsvSource({
    // demand, answer, older, same identity, waited long enough: promoted, proof
    "NEVER, none, SERVING, false, false, true, UNASKED",
    "NEVER, none, NONE, false, false, true, UNASKED",
    "REQUIRED, accepted, SERVING, false, false, true, VERIFIED",
    "WHEN_REACHABLE, accepted, UNKNOWN, false, false, true, VERIFIED",
    "WHEN_REACHABLE, refused, SERVING, false, true, false, REFUSED",
    "WHEN_REACHABLE, refused, UNKNOWN, true, true, false, REFUSED",
    "REQUIRED, refused, NONE, false, true, false, REFUSED",
    "REQUIRED, unreachable, SERVING, false, true, false, WAITING",
    "REQUIRED, unreachable, UNKNOWN, true, true, false, WAITING",
    "REQUIRED, unreachable, NONE, false, true, false, WAITING",
    "WHEN_REACHABLE, unreachable, SERVING, false, false, false, WAITING",
    "WHEN_REACHABLE, unreachable, SERVING, false, true, true, UNVERIFIED",
    "WHEN_REACHABLE, unreachable, UNKNOWN, true, false, false, WAITING",
    "WHEN_REACHABLE, unreachable, UNKNOWN, false, true, true, UNVERIFIED",
    "WHEN_REACHABLE, unreachable, NONE, false, false, true, UNVERIFIED",
    "WHEN_REACHABLE, not asked, NONE, false, true, false, WAITING",
    "WHEN_REACHABLE, not asked, SERVING, false, true, false, WAITING",
    "WHEN_REACHABLE, none, NONE, false, true, false, WAITING",
    "REQUIRED, none, SERVING, true, true, false, WAITING",
    "REQUIRED, missing, SERVING, false, true, false, REFUSED",
    "WHEN_REACHABLE, missing, UNKNOWN, false, true, false, REFUSED",
    "WHEN_REACHABLE, missing, SERVING, true, false, true, VERIFIED",
    "WHEN_REACHABLE, missing, NONE, false, false, true, VERIFIED",
    "WHEN_REACHABLE, image unreachable, SERVING, false, false, false, WAITING",
    "WHEN_REACHABLE, image unreachable, NONE, false, false, true, UNVERIFIED",
    "REQUIRED, image unreachable, NONE, false, true, false, WAITING",
  })
  void decides(
      Demand demand,
      String answer,
      Older older,
      boolean sameIdentity,
      boolean waited,
      boolean promoted,
      Proof proof) {
    var decision =
        PromotionRule.decide(
            new Situation(demand, older, sameIdentity, waited, false), answer(answer));
    assertThat(decision.promoted()).isEqualTo(promoted);
    assertThat(decision.proof()).isEqualTo(proof);
  }

  @Test
  void whatWasRefusedIsNotPromotedBecauseTheRegistryCannotBeAskedAnyMore() {
    for (Older older : Older.values()) {
      var situation = new Situation(Demand.WHEN_REACHABLE, older, false, true, true);
      var decision = PromotionRule.decide(situation, answer("unreachable"));
      assertThat(decision.promoted()).isFalse();
      assertThat(decision.proof()).isEqualTo(Proof.REFUSED);
      assertThat(PromotionRule.decide(situation, answer("accepted")).promoted()).isTrue();
    }
  }

  private static @Nullable ProbeAnswer answer(String word) {
    var image = Life.image("quay.io/acme/base:1");
    return switch (word) {
      case "accepted" -> new ProbeAnswer.Accepted(Map.of(image, new ImageAnswer.Found("")));
      case "missing" -> new ProbeAnswer.Accepted(Map.of(image, new ImageAnswer.Missing("404")));
      case "image unreachable" ->
          new ProbeAnswer.Accepted(Map.of(image, new ImageAnswer.Unreachable("503")));
      case "refused" -> new ProbeAnswer.Refused("401");
      case "not asked" -> new ProbeAnswer.NotAsked("too many questions");
      case "unreachable" -> new ProbeAnswer.Unreachable("no answer");
      default -> null;
    };
  }
}
