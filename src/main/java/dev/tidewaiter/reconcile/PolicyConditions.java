package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.desired.HostGovernance;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.reconcile.activation.Activation;
import dev.tidewaiter.target.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What is to be told of an environment's policies, and what to do about it.
final class PolicyConditions {
  /// So many workloads stand in a condition; the report has them all.
  private static final int SHOWN = 3;

  private PolicyConditions() {}

  static List<Condition> of(Considered considered) {
    var conditions = new ArrayList<Condition>();
    HostGovernance host = considered.compiled().hostGovernance();
    if (host != null) {
      conditions.addAll(HostConditions.of(host));
    }
    Governance governance = considered.compiled().governance();
    if (governance == null) {
      return conditions;
    }
    boolean open = isUnenforced(governance);
    governance
        .unsupported()
        .forEach(text -> conditions.add(new Condition(Reason.Unsupported, Visible.of(text), open)));
    Activation activation = considered.activation();
    if (activation != null && activation.held()) {
      conditions.add(new Condition(Reason.ActivationHeld, held(governance, activation)));
    }
    return conditions;
  }

  static Condition refuted(String detail) {
    return new Condition(
        Reason.ProofFailed,
        Visible.of(detail)
            + " It was rolled back and only audits, until its rules change or Tidewaiter is started"
            + " again. Look for another admission policy or webhook that changes images, and report"
            + " it if there is none");
  }

  static Condition unknown(String detail) {
    return new Condition(
        Reason.PoliciesUnknown,
        detail
            + " The policies stay as they are, and all else goes on. If that is denied, apply the"
            + " ClusterRole of this version");
  }

  static Condition inconclusive(Proof.Inconclusive proof) {
    return new Condition(
        Reason.ProofInconclusive,
        "the policy is in force, but it could not be tried: " + Visible.of(proof.detail()));
  }

  // Default registry and injection are conveniences beside an allow-list that should deny.
  private static boolean isUnenforced(Governance governance) {
    RegistryPolicy declared = governance.declared();
    return declared != null
        && declared.enforcement() == RegistryPolicy.Enforcement.DENY
        && governance.regime().rules().allowed() != null
        && !governance.denies();
  }

  private static String held(Governance governance, Activation activation) {
    String unknown = activation.unknown();
    if (unknown != null) {
      return "new denials are held, because it cannot be told what runs: "
          + Visible.of(unknown)
          + ". What is in force stays; it is tried again with the next cycle";
    }
    var text = new StringBuilder();
    text.append(activation.denied().size())
        .append(" workload(s) would be denied at their next start: ")
        .append(first(activation.denied()))
        .append(". What is in force stays, and the new rules audit and warn. ");
    List<Activation.Denied> critical = activation.critical();
    if (!critical.isEmpty()) {
      text.append(critical.size())
          .append(" of them keep(s) the cluster itself alive, and no approval covers that: allow")
          .append(" the images of ")
          .append(first(critical))
          .append(" or exempt the namespace. ");
    }
    String approval = activation.approval();
    if (approval != null) {
      text.append("Allow their images, or write `activation: {approve: \"")
          .append(approval)
          .append("\"}` into the RegistryPolicy to deny them all the same");
    } else if (governance.declared() == null) {
      text.append("To deny them all the same, give the environment a RegistryPolicy and write its")
          .append(" `activation`, such as `activation: {maxDenied: ")
          .append(activation.denied().size() - critical.size())
          .append("}`");
    }
    return text.toString().strip();
  }

  private static String first(List<Activation.Denied> denied) {
    String shown =
        denied.stream().limit(SHOWN).map(PolicyConditions::text).collect(Collectors.joining(", "));
    int more = denied.size() - SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  // Whoever makes a pod chooses the name of its image.
  private static String text(Activation.Denied denied) {
    Workload workload = denied.workload();
    String images =
        denied.images().stream().map(Activation.Image::image).collect(Collectors.joining(", "));
    return Visible.of(
        "%s %s in %s (%s)"
            .formatted(workload.kind(), workload.name(), workload.namespace(), images));
  }
}
