package dev.tidewaiter.plan;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Holds back withdrawals that are too many to be meant, until somebody approves them in Git.
///
/// All withdrawals of a plan are held, or none. An approval is `<scope id>/<number>`; it covers as
/// many and at most a tenth more, rounded down: `…/12` covers 13. The tenth lets a rollout that
/// creates a namespace in the meantime go on.
final class Guard {
  /// Up to here the share of what is owned does not matter: a small environment could otherwise
  /// withdraw nothing.
  private static final int SMALL = 5;

  private static final Pattern APPROVAL = Pattern.compile("(?<scope>[^/]+)/(?<number>[0-9]{1,9})");

  private Guard() {}

  /// What to write into `prune.approve` before this many withdrawals are carried out; null if they
  /// may be now.
  ///
  /// @param owned how many resources on the target have something of ours
  static @Nullable String approvalNeeded(int withdrawals, int owned, Restraint restraint) {
    if (!tooMany(withdrawals, owned, restraint) || isApproved(withdrawals, restraint)) {
      return null;
    }
    return restraint.scopeId() + "/" + withdrawals;
  }

  private static boolean tooMany(int withdrawals, int owned, Restraint restraint) {
    boolean large =
        withdrawals > SMALL && withdrawals * 100L > (long) restraint.maxPercent() * owned;
    return withdrawals > 0
        && (restraint.holdAllWithdrawals() || withdrawals > restraint.maxDeletions() || large);
  }

  private static boolean isApproved(int withdrawals, Restraint restraint) {
    String approve = restraint.approve();
    if (approve == null) {
      return false;
    }
    var matcher = APPROVAL.matcher(approve);
    return matcher.matches()
        && restraint.scopeId().equals(matcher.group("scope"))
        && withdrawals * 10L <= Long.parseLong(matcher.group("number")) * 11L;
  }
}
