package dev.tidewaiter.model;

/// What sort of thing a resource is, in the order in which the kinds are applied within one scope.
public enum ResourceKind {
  /// A file below `certs.d`: CA, client certificate or client key of one registry on a host.
  CERTIFICATE_FILE(Phase.TRUST, "file"),
  /// Our entries in `insecure-registries` of a container daemon's settings.
  INSECURE_REGISTRIES(Phase.TRUST, "insecure-registries"),
  /// A pull Secret in a namespace.
  PULL_SECRET(Phase.CREDENTIALS, "Secret"),
  /// Our entries in `imagePullSecrets` of a ServiceAccount, which itself is somebody else's.
  SERVICE_ACCOUNT(Phase.CREDENTIALS, "ServiceAccount"),
  /// Our entries in the `config.json` of a user of a host.
  USER_CREDENTIALS(Phase.CREDENTIALS, "config.json"),
  /// What an environment adds to new pods: the default registry, and pull Secrets.
  DEFAULT_POLICY(Phase.ALLOW, "MutatingAdmissionPolicy"),
  /// Where a default policy applies.
  DEFAULT_BINDING(Phase.ALLOW, "MutatingAdmissionPolicyBinding"),
  /// Which images an environment admits.
  ALLOW_POLICY(Phase.DENY, "ValidatingAdmissionPolicy"),
  /// Where an allow policy applies, and whether it denies, warns or audits.
  ALLOW_BINDING(Phase.DENY, "ValidatingAdmissionPolicyBinding");

  private final Phase phase;
  private final String word;

  ResourceKind(Phase phase, String word) {
    this.phase = phase;
    this.word = word;
  }

  /// When resources of this kind are applied.
  public Phase phase() {
    return phase;
  }

  /// Whether it is a policy of a cluster or a binding of one.
  public boolean isPolicy() {
    return switch (this) {
      case DEFAULT_POLICY, DEFAULT_BINDING, ALLOW_POLICY, ALLOW_BINDING -> true;
      case CERTIFICATE_FILE, INSECURE_REGISTRIES, PULL_SECRET, SERVICE_ACCOUNT, USER_CREDENTIALS ->
          false;
    };
  }

  /// The word for people.
  public String word() {
    return word;
  }
}
