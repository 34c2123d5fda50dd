package dev.tidewaiter.plan;

import org.jspecify.annotations.Nullable;

/// Holds back withdrawals that are too many to be meant, until somebody approves them in Git.
///
/// All withdrawals of a plan are held, or none. An [Approval] is bound to the scope id.
final class Guard {
  /// Up to here the share of what is owned does not matter: a small environment could otherwise
  /// withdraw nothing.
  private static final int SMALL = 5;

  private Guard() {}

  /// What to write into `prune.approve` before this many withdrawals are carried out; null if they
  /// may be now.
  ///
  /// @param owned how many resources on the target have something of ours
  static @Nullable String approvalNeeded(int withdrawals, int owned, Restraint restraint) {
    if (!tooMany(withdrawals, owned, restraint) || isApproved(withdrawals, restraint)) {
      return null;
    }
    return new Approval(restraint.scopeId(), withdrawals).toString();
  }

  private static boolean tooMany(int withdrawals, int owned, Restraint restraint) {
    boolean large =
        withdrawals > SMALL && withdrawals * 100L > (long) restraint.maxPercent() * owned;
    return withdrawals > 0
        && (restraint.holdAllWithdrawals() || withdrawals > restraint.maxDeletions() || large);
  }

  private static boolean isApproved(int withdrawals, Restraint restraint) {
    return Approval.read(restraint.approve())
        .filter(approval -> approval.covers(restraint.scopeId(), withdrawals))
        .isPresent();
  }
}
