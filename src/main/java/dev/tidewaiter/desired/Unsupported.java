package dev.tidewaiter.desired;

import dev.tidewaiter.policy.DefaultRegistry;
import java.util.ArrayList;
import java.util.List;

/// What an API server cannot enforce, for people, each with the version of Kubernetes that would.
final class Unsupported {
  private static final String VALIDATING =
      "that needs ValidatingAdmissionPolicy, which Kubernetes 1.30 has";
  private static final String MUTATING =
      "that needs MutatingAdmissionPolicy, which Kubernetes 1.36 has, and 1.34 where v1beta1 is"
          + " enabled";

  private Unsupported() {}

  static List<String> of(Intent intent, Admission admission) {
    String server = admission.server().isEmpty() ? "this API server" : admission.server();
    var unsupported = new ArrayList<String>();
    if (!admission.validating()) {
      if (intent.regime().rules().allowed() != null) {
        unsupported.add("the allow-list is not enforced by " + server + ": " + VALIDATING);
      }
      if (!intent.regime().rules().inactive().isEmpty()) {
        unsupported.add("inactive registries are not denied by " + server + ": " + VALIDATING);
      }
    }
    if (admission.mutating() == Admission.Mutating.NONE) {
      DefaultRegistry registry = intent.regime().defaultRegistry();
      if (registry != null) {
        unsupported.add(
            "the default registry is not applied by "
                + server
                + ": "
                + MUTATING
                + "; write images with `"
                + registry.prefix()
                + "/`");
      }
      if (!intent.injected().isEmpty()) {
        unsupported.add("pull Secrets are not injected by " + server + ": " + MUTATING);
      }
    }
    return unsupported;
  }
}
