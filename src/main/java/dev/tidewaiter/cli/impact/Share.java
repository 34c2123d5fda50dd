package dev.tidewaiter.cli.impact;

import dev.tidewaiter.cli.impact.Affected.Activation;
import dev.tidewaiter.cli.impact.Affected.Entry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.policy.Effect;
import dev.tidewaiter.policy.Impact;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.reconcile.activation.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The share of one environment in what becomes of a cluster's workloads.
///
/// Whether its denials are held is decided by all of them, however few are shown.
final class Share {
  private final List<Impact.Finding> denials = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable Governed governing;
  private boolean shown;

  /// @param shown which of the findings are to be shown
  void add(
      Passage passage,
      String environment,
      List<Impact.Finding> findings,
      Predicate<Impact.Finding> shown) {
    Governed is = passage.is().get(environment);
    if (is != null && is.governance() != null) {
      governing = is;
    }
    if (is != null && is.denies()) {
      denials.addAll(findings);
    }
    Regime after = passage.after(environment);
    findings.stream().filter(shown).map(one -> entry(one, is, after)).forEach(entries::add);
  }

  /// Also without an entry there may be something to say of it.
  void show() {
    shown = true;
  }

  boolean isShown() {
    return shown;
  }

  /// Null if it only delivers credentials, or nothing.
  @Nullable Governed governing() {
    return governing;
  }

  List<Entry> entries() {
    return entries.stream().distinct().toList();
  }

  /// Null if nothing is newly denied.
  @Nullable Activation activation() {
    List<Workload> denied = new Impact(denials).denied();
    Governance governance = governing == null ? null : governing.governance();
    if (denied.isEmpty() || governance == null) {
      return null;
    }
    RegistryPolicy policy = governance.declared();
    List<String> critical =
        denied.stream().filter(Workload::critical).map(Workload::title).toList();
    Decision decision = Decision.of(governance, denied);
    return new Activation(
        denied.size(),
        decision.maxDenied(),
        critical,
        decision.held(),
        policy == null ? null : policy.name(),
        decision.approval());
  }

  private static Entry entry(Impact.Finding finding, @Nullable Governed is, Regime after) {
    Workload workload = finding.workload();
    return new Entry(
        word(finding.effect(), is),
        workload.kind(),
        workload.namespace(),
        workload.name(),
        workload.critical(),
        finding.image(),
        detail(finding, after));
  }

  private static String word(Effect effect, @Nullable Governed is) {
    return switch (effect) {
      case Effect.Denied _ -> denial(is);
      case Effect.Moved _ -> "Moved";
      case Effect.Stripped _ -> "Stripped";
    };
  }

  private static String denial(@Nullable Governed is) {
    Governance governance = is == null ? null : is.governance();
    if (governance == null || governance.denies()) {
      return "Denied";
    }
    RegistryPolicy policy = governance.declared();
    return switch (policy == null ? RegistryPolicy.Enforcement.DENY : policy.enforcement()) {
      case DENY -> "Unenforced";
      case WARN -> "Warned";
      case AUDIT -> "Audited";
    };
  }

  private static String detail(Impact.Finding finding, Regime after) {
    return switch (finding.effect()) {
      case Effect.Denied(var verdict) ->
          after.rules().explain(after.admitted(finding.image()), verdict);
      case Effect.Moved(String from, String to) -> from + " -> " + to;
      case Effect.Stripped(var address) ->
          "pulled without the credential for " + address + " that it had";
    };
  }
}
