package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import java.util.TreeMap;

/// What of a declared regime the objects compiled for a cluster bring about.
final class Effective {
  private Effective() {}

  /// The rules as declared, on the images as the cluster changes them.
  static Regime judged(Governance governance, Compiled compiled) {
    Regime declared = governance.regime();
    return new Regime(
        declared.rules(),
        defaults(compiled) ? declared.defaultRegistry() : null,
        declared.credentials());
  }

  /// The same without rules that only audit or warn.
  static Regime enforced(Governance governance, Compiled compiled) {
    Regime judged = judged(governance, compiled);
    RuleBook rules = judged.rules();
    return governance.denies()
        ? judged
        : new Regime(
            new RuleBook(rules.environment(), rules.policy(), null, new TreeMap<>()),
            judged.defaultRegistry(),
            judged.credentials());
  }

  private static boolean defaults(Compiled compiled) {
    return compiled.resources().stream()
        .anyMatch(
            resource ->
                resource.id().kind() == ResourceKind.DEFAULT_POLICY
                    && resource.fields().containsKey("default"));
  }
}
