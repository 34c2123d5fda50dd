package dev.tidewaiter.cli;

/// Why a reviewer should look twice at a difference.
///
/// @param kind what it threatens
/// @param detail what follows, for people
record Risk(Kind kind, String detail) {
  /// As programs read it.
  enum Kind {
    /// Access is taken away.
    Withdrawal,
    /// Images that were admitted are denied.
    Denial,
    /// Images come from another registry.
    Move,
    /// Less is enforced than before.
    Weakening,
    /// Hosts trust other servers, or show another certificate.
    Trust,
    /// What is held is let go.
    Approval
  }

  static Risk withdrawal(String detail) {
    return new Risk(Kind.Withdrawal, detail);
  }

  static Risk denial(String detail) {
    return new Risk(Kind.Denial, detail);
  }

  static Risk weakening(String detail) {
    return new Risk(Kind.Weakening, detail);
  }
}
