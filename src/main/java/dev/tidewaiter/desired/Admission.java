package dev.tidewaiter.desired;

import dev.tidewaiter.model.Phase;
import dev.tidewaiter.model.ResourceKind;

/// What a cluster's API server can be asked to enforce when pods are made.
///
/// @param validating whether it has `ValidatingAdmissionPolicy` in `v1` (Kubernetes 1.30)
/// @param mutating in which version it has `MutatingAdmissionPolicy`
/// @param server its version, such as `v1.36.3`, for people
public record Admission(boolean validating, Mutating mutating, String server) {
  /// Versions of `admissionregistration.k8s.io`.
  public enum Mutating {
    /// Kubernetes 1.36 and later.
    V1,
    /// Kubernetes 1.34 and 1.35, where it is switched on.
    V1BETA1,
    NONE
  }

  /// Whether there are objects of a kind; of those that are no policies there always are.
  public boolean has(ResourceKind kind) {
    if (!kind.isPolicy()) {
      return true;
    }
    boolean validates = kind.phase() == Phase.DENY;
    return validates ? validating : mutating != Mutating.NONE;
  }

  /// Neither: of the sandbox's mock, and of old servers.
  public static Admission none(String server) {
    return new Admission(false, Mutating.NONE, server);
  }
}
