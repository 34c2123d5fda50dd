package dev.tidewaiter.desired;

/// What the policies of an environment are called in a cluster. They belong to no namespace, so the
/// daemon's instance is part of the name; the parts are joined by dots, which neither contains.
public final class PolicyNames {
  /// Where the proof makes its pods, and dry-run only: the only namespace where the daemon may.
  public static final String PROOF_NAMESPACE = "tidewaiter-proof";

  private static final String CANDIDATE = "candidate";
  private static final String INJECTION = "inject";

  private PolicyNames() {}

  /// Of the policy that is in force, of either kind.
  public static String policy(String instance, String environment) {
    return "tidewaiter." + instance + "." + environment;
  }

  /// Of the policy that audits and warns while its activation is held.
  public static String candidate(String instance, String environment) {
    return candidateOf(policy(instance, environment));
  }

  static String candidateOf(String policy) {
    return policy + "." + CANDIDATE;
  }

  /// Whether a policy or binding with this name only audits and warns while its activation is held.
  public static boolean isCandidate(String name) {
    return isPart(name, CANDIDATE);
  }

  /// Whether a policy or binding with this name only adds pull Secrets.
  public static boolean isInjection(String name) {
    return isPart(name, INJECTION);
  }

  private static boolean isPart(String name, String part) {
    String[] parts = name.split("\\.", -1);
    return parts.length > 3 && parts[3].equals(part);
  }

  /// Of the policy that adds pull Secrets where the default registry has exemptions of its own.
  static String injectionOf(String policy) {
    return policy + "." + INJECTION;
  }

  /// @param clause `names`, `labels`, `projects`, `all` or `proof`
  public static String binding(String policy, String clause) {
    return policy + "." + clause;
  }

  /// The instance in the name of a policy.
  public static String instance(String policy) {
    int start = policy.indexOf('.') + 1;
    int end = policy.indexOf('.', start);
    return end < 0 ? policy.substring(start) : policy.substring(start, end);
  }
}
