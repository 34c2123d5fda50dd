package dev.tidewaiter.reconcile;

/// Everything that a condition can be about, in the order in which conditions are reported.
///
/// `Ready`, `Reconciling` and `Stalled` mean what they mean in Flux.
public enum Reason {
  /// All that is declared is there.
  Ready(false),
  /// A defect of Tidewaiter itself ended the cycle or round.
  InternalError(true),
  /// The newest commit was rejected; an older revision is in force, or none.
  Stalled(true),
  /// The repository did not answer; what was in force stays in force.
  SourceUnavailable(true),
  /// No revision is in force: nothing is touched.
  NothingInForce(true),
  /// The target could not be observed completely: nothing was planned.
  TargetUnavailable(true),
  /// A cluster lets us not look at pull Secrets of some names: they stay as they are, and all else
  /// goes on.
  AccessDenied(true),
  /// A cluster's policies could not be observed: they are left as they are, and all else goes on.
  PoliciesUnknown(true),
  /// It cannot be told what a runtime of a host is: what it has stays, and all else goes on.
  RuntimeUnknown(true),
  /// Changes failed.
  Failed(true),
  /// A ServiceAccount, Secret or file is not ours and stands in the place of a resource.
  Conflict(true),
  /// Another environment or instance owns what this one claims.
  Contested(true),
  /// Another writer reverts what is written: its resource is corrected rarely from now on.
  Contended(true),
  /// More withdrawals than may happen without approval, or after a rewritten branch.
  WithdrawalHeld(true),
  /// Rules on images would deny workloads that run: they only audit and warn until that is
  /// approved.
  ActivationHeld(true),
  /// A policy did not do what it says, and was rolled back: in a cluster it only audits, and on a
  /// host the denial is taken away.
  ProofFailed(true),
  /// A registry refuses a new credential: the one before stays.
  CredentialRejected(true),
  /// A value is not known: what was delivered before stays.
  CredentialWithheld(true),
  /// Something was delivered without all of its entries, because their values are not known.
  Incomplete(true),
  /// Less than a quarter of the life of a credential is left, and there is no new one.
  CredentialExpiring(true),
  /// An image that a registry must have is not there, or may not be pulled.
  ImageMissing(true),
  /// The environment's declaration is gone, or this daemon does not serve it: nothing of it is
  /// pruned.
  Orphaned(true),
  /// Something was not tried yet: its first cycle has not ended, the daemon stops and leaves it to
  /// its successor, or it is only looked at what would change.
  Reconciling(true),
  /// The audit record could not be written.
  AuditUnavailable(true),
  /// A cloud minted no token; the one before serves until it ends.
  MintFailed(false),
  /// A registry could not be asked whether it takes a new credential.
  CredentialUnverified(false),
  /// A certificate that a registry declares ends within 30 days, or has ended.
  CertificateExpiring(false),
  /// Something stood in the way of the proof that a policy does what it says, or weakens it.
  ProofInconclusive(false),
  /// The target cannot do something that is declared. It prevents `Ready` where an allow-list that
  /// should deny is not enforced in a cluster, and on a host unless the declaration accepts it.
  Unsupported(false),
  /// The environment asks for nothing, or only for token refreshes, to be applied.
  Suspended(false),
  /// Differences were found and left, because the environment only detects.
  Drifted(false),
  /// The environment is retired, and what is ours goes or is gone.
  Retired(false),
  /// Registries lost their address to others that were added later.
  Superseded(false),
  /// Paths of the secret store are open to every address and environment.
  SecretsUnbound(false);

  private final boolean preventsReady;

  Reason(boolean preventsReady) {
    this.preventsReady = preventsReady;
  }

  /// Whether an environment of which this is true is not `Ready`.
  public boolean preventsReady() {
    return preventsReady;
  }
}
