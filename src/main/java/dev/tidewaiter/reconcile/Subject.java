package dev.tidewaiter.reconcile;

/// What a cycle is about: one environment on one target.
///
/// @param target the target's name, such as `cluster/prod-eu`
public record Subject(String environment, String target) implements Comparable<Subject> {
  @Override
  public int compareTo(Subject other) {
    int byEnvironment = environment.compareTo(other.environment);
    return byEnvironment == 0 ? target.compareTo(other.target) : byEnvironment;
  }

  @Override
  public String toString() {
    return environment + " on " + target;
  }
}
