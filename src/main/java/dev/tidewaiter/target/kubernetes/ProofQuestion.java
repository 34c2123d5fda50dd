package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One pod of a proof, and what must become of it. Nothing is pulled: the pod is never made.
///
/// @param image what it names
/// @param admitted what it must come back with; null if it must be refused
/// @param pullSecrets that it must come back with
record ProofQuestion(String image, @Nullable String admitted, Set<String> pullSecrets) {
  private static final String NAME = "tidewaiter-proof";

  /// A host that cannot exist.
  ///
  /// Source: [RFC 2606](https://www.rfc-editor.org/rfc/rfc2606), chapter 2.
  private static final String NOWHERE = NAME + ".invalid/" + NAME;

  /// What is in force of an environment in a cluster.
  ///
  /// @param denies whether images that are not admitted are refused, rather than recorded
  /// @param moves whether a default registry is applied
  /// @param pullSecrets names of those that are added to new pods
  record InForce(boolean denies, boolean moves, Set<String> pullSecrets) {}

  /// One image that is admitted, one that is moved, and one for each reason to refuse any; as far
  /// as the rules have such.
  static List<ProofQuestion> of(Regime regime, InForce inForce) {
    RuleBook rules = regime.rules();
    var questions = new ArrayList<ProofQuestion>();
    if (inForce.denies()) {
      refused(rules).forEach(image -> questions.add(new ProofQuestion(image, null, Set.of())));
    }
    if (!questions.isEmpty() || !inForce.pullSecrets().isEmpty()) {
      admitted(rules)
          .ifPresent(
              image -> questions.add(new ProofQuestion(image, image, inForce.pullSecrets())));
    }
    if (inForce.moves()) {
      String moved = regime.admitted(NAME);
      boolean refused = inForce.denies() && !rules.judge(moved).isAllowed();
      questions.add(new ProofQuestion(NAME, refused ? null : moved, inForce.pullSecrets()));
    }
    return questions;
  }

  private static Optional<String> admitted(RuleBook rules) {
    List<RepositoryPrefix> allowed = rules.allowed();
    return allowed == null
        ? Optional.of(NOWHERE).filter(image -> rules.judge(image).isAllowed())
        : allowed.stream()
            .map(prefix -> prefix + "/" + NAME)
            .filter(image -> rules.judge(image).isAllowed())
            .findFirst();
  }

  private static List<String> refused(RuleBook rules) {
    var images = new ArrayList<String>();
    images.add(NOWHERE);
    rules.inactive().keySet().stream()
        .limit(1)
        .forEach(address -> images.add(address + "/" + NAME));
    images.removeIf(image -> rules.judge(image).isAllowed());
    return images;
  }
}
