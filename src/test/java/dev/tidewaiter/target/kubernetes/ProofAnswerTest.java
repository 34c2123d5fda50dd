package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.target.kubernetes.ProofAnswer.AsItShould;
import dev.tidewaiter.target.kubernetes.ProofAnswer.Obstructed;
import dev.tidewaiter.target.kubernetes.ProofAnswer.Otherwise;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProofAnswerTest {
  private static final String OURS = "tidewaiter.main.production";
  private static final ProofQuestion ADMITTED =
      new ProofQuestion("quay.io/acme/app", "quay.io/acme/app", Set.of("credentials"));
  private static final ProofQuestion REFUSED = new ProofQuestion("evil.io/app", null, Set.of());
  private static final ProofQuestion MOVED =
      new ProofQuestion("app", "hub.example/library/app", Set.of());

  @Test
  void aDenialByOurPolicyIsAsItShouldBeWhereTheRulesDeny() {
    assertThat(answer(denial(OURS), REFUSED)).isEqualTo(new AsItShould());
    assertThat(answer(denial(OURS), ADMITTED)).isInstanceOf(Otherwise.class);
  }

  @Test
  void aDenialThatNamesOursAmongOthersCounts() {
    String both =
        """
        {"message": "pods is forbidden: ValidatingAdmissionPolicy 'theirs' with binding 'b' denied request: no",
         "details": {"causes": [{"message": "%s"}]}}
        """
            .formatted("ValidatingAdmissionPolicy '" + OURS + "' with binding 'b' denied request");

    assertThat(answer(new Reply(403, null, Json.parse(both)), REFUSED)).isEqualTo(new AsItShould());
  }

  @Test
  void aDenialByAPolicyWhoseNameOnlyBeginsLikeOursIsNotOurs() {
    assertThat(answer(denial(OURS + "-eu"), REFUSED)).isInstanceOf(Obstructed.class);
    assertThat(answer(denial(OURS + ".candidate"), REFUSED)).isInstanceOf(Obstructed.class);
  }

  @Test
  void anAnswerWithoutWordsIsAnObstacle() {
    assertThat(answer(new Reply(503, null, Json.parse("overloaded")), ADMITTED))
        .isInstanceOfSatisfying(
            Obstructed.class, it -> assertThat(it.detail()).contains("answered 503"));
  }

  @Test
  void aPodComesBackWithItsPullSecrets() {
    assertThat(answer(pod("quay.io/acme/app", "own", "credentials"), ADMITTED))
        .isEqualTo(new AsItShould());
    assertThat(answer(pod("quay.io/acme/app", "own"), ADMITTED))
        .isInstanceOfSatisfying(
            Otherwise.class, it -> assertThat(it.detail()).contains("credentials"));
  }

  @Test
  void aPodThatIsToBeRefusedMustNotComeBack() {
    assertThat(answer(pod("evil.io/app"), REFUSED)).isInstanceOf(Otherwise.class);
  }

  @Test
  void anImageIsMovedOrNotYetOrBySomebodyElse() {
    assertThat(answer(pod("hub.example/library/app"), MOVED)).isEqualTo(new AsItShould());
    assertThat(answer(pod("app"), MOVED)).isInstanceOf(Otherwise.class);
    assertThat(answer(pod("theirs.example/app"), MOVED)).isInstanceOf(Obstructed.class);
  }

  @Test
  void wordsOfOthersSteerNoTerminal() {
    var refusal =
        Json.object().put("message", "webhook\n \u001b[2J\u202edenied").put("reason", "\u009b");
    var refused = new Reply(400, null, refusal);
    assertThat(refused.reason()).isEqualTo("\\u009b");
    assertThat(answer(refused, ADMITTED))
        .isInstanceOfSatisfying(
            Obstructed.class,
            it -> assertThat(it.detail()).endsWith("else: webhook \\u001b[2J\\u202edenied"));
    assertThat(answer(pod("theirs/\u001b[2J\napp"), MOVED))
        .isInstanceOfSatisfying(
            Obstructed.class, it -> assertThat(it.detail()).contains("as theirs/\\u001b[2J app "));
  }

  private static ProofAnswer answer(Reply reply, ProofQuestion question) {
    return ProofAnswer.of(reply, question, OURS);
  }

  private static Reply denial(String policy) {
    String text =
        "pods is forbidden: ValidatingAdmissionPolicy '%1$s' with binding '%1$s.proof' denied request"
            .formatted(policy);
    return new Reply(403, null, Json.object().put("message", text));
  }

  private static Reply pod(String image, String... pullSecrets) {
    var pod = Json.object();
    var spec = pod.putObject("spec");
    spec.putArray("containers").addObject().put("image", image);
    var secrets = spec.putArray("imagePullSecrets");
    for (String name : pullSecrets) {
      secrets.addObject().put("name", name);
    }
    return new Reply(201, null, pod);
  }
}
