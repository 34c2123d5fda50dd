package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import tools.jackson.databind.node.ObjectNode;

/// The pod of a proof, which only ever goes to the API server as a dry run.
///
/// It keeps to pod security `restricted` and names what quotas ask for, so that as little as can be
/// stands between it and the policies. It names no user, since OpenShift chooses one. Its
/// ServiceAccount is the namespace's `default`.
///
/// Source: [pod security
/// standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/).
final class ProofPod {
  private ProofPod() {}

  static Call call(Owner owner, String image) {
    return Call.post(
        "api/v1/namespaces/"
            + PolicyNames.PROOF_NAMESPACE
            + "/pods?dryRun=All&fieldManager="
            + Marks.TIDEWAITER,
        pod(owner, image));
  }

  private static ObjectNode pod(Owner owner, String image) {
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata").put("generateName", "proof-");
    metadata
        .putObject("labels")
        .put(Marks.INSTANCE, owner.instance())
        .put(Marks.ENVIRONMENT, owner.environment());
    ObjectNode spec = pod.putObject("spec").put("automountServiceAccountToken", false);
    spec.put("restartPolicy", "Never");
    ObjectNode security = spec.putObject("securityContext").put("runAsNonRoot", true);
    security.putObject("seccompProfile").put("type", "RuntimeDefault");
    ObjectNode container = spec.putArray("containers").addObject();
    container.put("name", "proof").put("image", image);
    ObjectNode own = container.putObject("securityContext");
    own.put("allowPrivilegeEscalation", false);
    own.putObject("capabilities").putArray("drop").add("ALL");
    ObjectNode resources = container.putObject("resources");
    quantities(resources.putObject("requests"));
    quantities(resources.putObject("limits"));
    return pod;
  }

  private static void quantities(ObjectNode resources) {
    resources.put("cpu", "1m").put("memory", "1Mi").put("ephemeral-storage", "1Mi");
  }
}
