package dev.tidewaiter.model;

/// The stages of an application, in order; withdrawals go through them backwards.
///
/// Access is never denied before what is allowed works, and nothing is pulled with a credential
/// before the certificate is trusted.
public enum Phase {
  /// Certificates and insecure marks.
  TRUST,
  /// Pull Secrets and the entries that point to them.
  CREDENTIALS,
  /// What an allow-list admits.
  ALLOW,
  /// What it refuses.
  DENY
}
