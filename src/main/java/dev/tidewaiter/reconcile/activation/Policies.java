package dev.tidewaiter.reconcile.activation;

import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;

/// Which of a cluster's policy objects is which, for one environment.
///
/// @param inForce the name of the policies in force
public record Policies(String inForce) {
  /// Those of an environment that an instance serves.
  public static Policies of(String instance, String environment) {
    return new Policies(PolicyNames.policy(instance, environment));
  }

  /// Whether objects of the kind have to do with what is denied.
  static boolean denies(ResourceKind kind) {
    return kind == ResourceKind.ALLOW_POLICY || kind == ResourceKind.ALLOW_BINDING;
  }

  /// Whether one is a binding of the other.
  public static boolean binds(ResourceId binding, ResourceId policy) {
    boolean sameSort =
        binding.kind() == ResourceKind.ALLOW_BINDING
            ? policy.kind() == ResourceKind.ALLOW_POLICY
            : binding.kind() == ResourceKind.DEFAULT_BINDING
                && policy.kind() == ResourceKind.DEFAULT_POLICY;
    String name = binding.name();
    return sameSort && name.substring(0, Math.max(0, name.lastIndexOf('.'))).equals(policy.name());
  }

  /// Whether it binds the policy in force to the pods of the proof.
  boolean isOfProof(ResourceId id) {
    return id.name().equals(PolicyNames.binding(inForce, "proof"));
  }
}
