package dev.tidewaiter.desired;

/// How far the denials of one environment on one cluster may go now.
public enum Enforcing {
  /// As declared.
  AS_DECLARED,
  /// The rules that are new are held: they audit and warn as a candidate beside what is in force,
  /// of which the planner changes nothing but to open it.
  CANDIDATE,
  /// What was activated did not do what it says: it only audits, until its rules change.
  ROLLED_BACK
}
