package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Admission.Mutating;
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

  /// One image that is admitted, one that is moved, and one for each reason to refuse any; as far
  /// as the rules have such, and the server can be asked to enforce them.
  ///
  /// @param added names of the pull Secrets that are added to new pods
  static List<ProofQuestion> of(Regime regime, Set<String> added, Admission admission) {
    RuleBook rules = regime.rules();
    List<String> refused = admission.validating() ? refused(rules) : List.of();
    var questions = new ArrayList<ProofQuestion>();
    refused.forEach(image -> questions.add(new ProofQuestion(image, null, Set.of())));
    if (!refused.isEmpty() || !added.isEmpty()) {
      admitted(rules).ifPresent(image -> questions.add(new ProofQuestion(image, image, added)));
    }
    if (regime.defaultRegistry() != null && admission.mutating() != Mutating.NONE) {
      String moved = regime.admitted(NAME);
      boolean denied = admission.validating() && !rules.judge(moved).isAllowed();
      questions.add(new ProofQuestion(NAME, denied ? null : moved, added));
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
