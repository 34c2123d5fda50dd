package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Admission.Mutating;
import dev.tidewaiter.model.ResourceKind;
import java.util.ArrayList;
import java.util.List;

/// One of the four sorts of policy objects, as an API server has it. They belong to no namespace.
///
/// @param version of `admissionregistration.k8s.io`
/// @param plural as in paths and RBAC
record PolicyKind(ResourceKind kind, String version, String plural) {
  /// Those that a server has.
  static List<PolicyKind> of(Admission admission) {
    var kinds = new ArrayList<PolicyKind>();
    if (admission.validating()) {
      kinds.add(new PolicyKind(ResourceKind.ALLOW_POLICY, "v1", "validatingadmissionpolicies"));
      kinds.add(
          new PolicyKind(ResourceKind.ALLOW_BINDING, "v1", "validatingadmissionpolicybindings"));
    }
    if (admission.mutating() != Mutating.NONE) {
      String version = admission.mutating() == Mutating.V1 ? "v1" : "v1beta1";
      kinds.add(new PolicyKind(ResourceKind.DEFAULT_POLICY, version, "mutatingadmissionpolicies"));
      kinds.add(
          new PolicyKind(ResourceKind.DEFAULT_BINDING, version, "mutatingadmissionpolicybindings"));
    }
    return kinds;
  }

  String collection() {
    return AdmissionDiscovery.GROUP + version + "/" + plural;
  }

  String path(String name) {
    return collection() + "/" + Call.encode(name);
  }

  String apiVersion() {
    return "admissionregistration.k8s.io/" + version;
  }

  /// All of an instance that bear its labels.
  String ofInstance(String instance) {
    String labels =
        Marks.MANAGED_BY + "=" + Marks.TIDEWAITER + "," + Marks.INSTANCE + "=" + instance;
    return collection() + "?labelSelector=" + Call.encode(labels);
  }
}
