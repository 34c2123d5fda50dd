package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.model.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What the API server made of one pod of a proof.
sealed interface ProofAnswer {
  /// What must become of it, did.
  record AsItShould() implements ProofAnswer {}

  /// Our policies decided, and otherwise; or they are not taken up yet.
  record Otherwise(String detail) implements ProofAnswer {}

  /// Something else decided.
  record Obstructed(String detail) implements ProofAnswer {}

  /// How an API server words the denial of a policy. Only its text names the policy.
  ///
  /// Source: [validating
  /// dispatcher](https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go).
  Pattern DENIAL =
      Pattern.compile("ValidatingAdmissionPolicy '(?<policy>[^']+)' with binding '[^']+' denied");

  /// @param policy name of the environment's policy
  static ProofAnswer of(Reply reply, ProofQuestion question, String policy) {
    if (reply.succeeded()) {
      return admitted(reply.body(), question, policy);
    }
    if (!deniers(reply).contains(policy)) {
      return new Obstructed(
          "the pod with " + question.image() + " was refused by something else: " + words(reply));
    }
    return question.admitted() == null
        ? new AsItShould()
        : new Otherwise(policy + " denies " + question.image() + ", which its rules admit");
  }

  private static ProofAnswer admitted(JsonNode pod, ProofQuestion question, String policy) {
    JsonNode spec = pod.path("spec");
    String image = Json.string(spec.path("containers").path(0), "image");
    if (question.admitted() == null) {
      return new Otherwise(policy + " admits " + question.image() + ", which its rules deny");
    }
    if (image.equals(question.image()) && !image.equals(question.admitted())) {
      return new Otherwise(
          policy
              + " leaves "
              + Visible.of(image)
              + " as it is, which should be "
              + question.admitted());
    }
    if (!image.equals(question.admitted())) {
      return new Obstructed(
          question.image()
              + " came back as "
              + Visible.of(image)
              + " instead of "
              + question.admitted());
    }
    var missing = new TreeSet<>(question.pullSecrets());
    spec.path("imagePullSecrets").forEach(entry -> missing.remove(Json.string(entry, "name")));
    return missing.isEmpty()
        ? new AsItShould()
        : new Otherwise(policy + " does not add " + String.join(", ", missing) + " to new pods");
  }

  private static Set<String> deniers(Reply reply) {
    List<String> texts = new ArrayList<>(List.of(Json.string(reply.body(), "message")));
    JsonNode causes = reply.body().path("details").path("causes");
    causes.forEach(cause -> texts.add(Json.string(cause, "message")));
    var policies = new TreeSet<String>();
    for (String text : texts) {
      Matcher denial = DENIAL.matcher(text);
      while (denial.find()) {
        policies.add(denial.group("policy"));
      }
    }
    return policies;
  }

  /// The words of the server, or of a webhook of others, which here can quote no secret: the pod
  /// has none.
  private static String words(Reply reply) {
    String message = Visible.of(Json.string(reply.body(), "message")).replaceAll(" +", " ").strip();
    return message.isEmpty()
        ? "answered " + reply.code()
        : message.substring(0, Math.min(message.length(), 300));
  }

  /// What to do about an obstacle.
  static String advised(String detail) {
    return detail
        + ". Let pods like it be made in namespace "
        + PolicyNames.PROOF_NAMESPACE
        + "; the README says what it needs.";
  }
}
