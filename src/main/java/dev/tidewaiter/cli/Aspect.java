package dev.tidewaiter.cli;

/// What can differ between two revisions in what an environment declares, in the order in which it
/// is shown.
enum Aspect {
  STATE("environment"),
  REGISTRY("registry"),
  CREDENTIAL("credential of"),
  TRUST("trust of"),
  MIRROR("mirror"),
  POLICY("policy"),
  DEFAULT_REGISTRY("default registry"),
  ALLOW_LIST("allow-list"),
  ALLOWED("allowed"),
  ENFORCEMENT("enforcement"),
  EXEMPT_NAMESPACE("exempt namespace"),
  MAX_DENIED("maxDenied"),
  ACTIVATION_APPROVAL("activation.approve"),
  NAMESPACES("namespaces"),
  EXCLUDED_NAMESPACE("excluded namespace"),
  CLUSTER("cluster"),
  PULL_SECRET("pull Secret"),
  SERVICE_ACCOUNT("ServiceAccount"),
  INJECTION("injectPullSecrets"),
  HOSTS("hosts"),
  HOST_USER("host user"),
  HOST_CREDENTIALS("credentials for every pull of hosts"),
  TRUST_STORE("trust store of hosts"),
  UNSUPPORTED_ACCEPTED("unsupported: Accept of hosts"),
  DRIFT_MODE("driftMode"),
  SUSPEND("suspend"),
  PRUNE_LIMITS("prune limits"),
  PRUNE_APPROVAL("prune.approve"),
  DUPLICATES("duplicateAddresses");

  private final String word;

  Aspect(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
