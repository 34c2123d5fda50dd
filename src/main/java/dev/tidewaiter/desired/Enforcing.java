package dev.tidewaiter.desired;

import java.util.Set;

/// How far the denials of one environment on one target may go now.
///
/// @param scopes where something was rolled back; empty for the whole target
public record Enforcing(Extent extent, Set<String> scopes) {
  /// As declared.
  public static final Enforcing AS_DECLARED = new Enforcing(Extent.AS_DECLARED, Set.of());

  /// The rules that are new are held: they audit and warn as a candidate beside what is in force,
  /// of which the planner changes nothing but to open it.
  public static final Enforcing CANDIDATE = new Enforcing(Extent.CANDIDATE, Set.of());

  /// The sorts of it.
  public enum Extent {
    AS_DECLARED,
    CANDIDATE,
    ROLLED_BACK
  }

  public Enforcing {
    scopes = Set.copyOf(scopes);
  }

  /// What was activated did not do what it says: until its rules change it only audits on a
  /// cluster, and denies nothing on a host.
  ///
  /// @param scopes of a host, those whose runtimes did not refuse; none for the whole target
  public static Enforcing rolledBack(Set<String> scopes) {
    return new Enforcing(Extent.ROLLED_BACK, scopes);
  }

  public boolean isDeclared() {
    return extent == Extent.AS_DECLARED;
  }

  /// Whether what denies in a scope was rolled back.
  boolean takesBack(String scope) {
    return extent == Extent.ROLLED_BACK && (scopes.isEmpty() || scopes.contains(scope));
  }
}
