package dev.tidewaiter.model;

/// What sort of thing a resource is, in the order in which the kinds are applied within one scope.
public enum ResourceKind {
  /// containerd's main settings: where it looks for host directories.
  RUNTIME_SETTINGS(Phase.TRUST, "config.toml", Family.HOST),
  /// A file below `certs.d`: CA, client certificate or client key of one registry on a host.
  CERTIFICATE_FILE(Phase.TRUST, "file", Family.HOST),
  /// A CA in the trust store of a host's system.
  TRUSTED_CERTIFICATE(Phase.TRUST, "trust store", Family.HOST),
  /// Our entries in `insecure-registries` of a container daemon's settings.
  INSECURE_REGISTRIES(Phase.TRUST, "insecure-registries", Family.HOST),
  /// Our entries in `registry-mirrors` of a container daemon's settings.
  REGISTRY_MIRRORS(Phase.TRUST, "registry-mirrors", Family.HOST),
  /// A pull Secret in a namespace.
  PULL_SECRET(Phase.CREDENTIALS, "Secret", Family.SECRET),
  /// Our entries in `imagePullSecrets` of a ServiceAccount, which itself is somebody else's.
  SERVICE_ACCOUNT(Phase.CREDENTIALS, "ServiceAccount", Family.ACCOUNT),
  /// Our entries in the `config.json` or `auth.json` of a user of a host.
  USER_CREDENTIALS(Phase.CREDENTIALS, "login", Family.HOST),
  /// Our entries in a file of credentials for every pull of a host.
  NODE_CREDENTIALS(Phase.CREDENTIALS, "config.json", Family.HOST),
  /// What an environment adds to new pods: the default registry, and pull Secrets.
  DEFAULT_POLICY(Phase.ALLOW, "MutatingAdmissionPolicy", Family.POLICY),
  /// Where a default policy applies.
  DEFAULT_BINDING(Phase.ALLOW, "MutatingAdmissionPolicyBinding", Family.POLICY),
  /// Where and how the runtime of a host reaches one registry: a `hosts.toml`.
  REGISTRY_HOST(Phase.ALLOW, "hosts.toml", Family.HOST),
  /// Where and how podman and CRI-O reach registries: a drop-in of `registries.conf.d`.
  REGISTRIES_DROP_IN(Phase.ALLOW, "registries.conf", Family.HOST),
  /// Which images an environment admits.
  ALLOW_POLICY(Phase.DENY, "ValidatingAdmissionPolicy", Family.POLICY),
  /// Where an allow policy applies, and whether it denies, warns or audits.
  ALLOW_BINDING(Phase.DENY, "ValidatingAdmissionPolicyBinding", Family.POLICY),
  /// The denial of every registry without a `hosts.toml` of its own: `_default/hosts.toml`.
  DENIAL(Phase.DENY, "denial", Family.HOST),
  /// Our scopes in `policy.json`, and its default.
  SIGNATURE_POLICY(Phase.DENY, "policy.json", Family.HOST);

  /// Kinds that one part of a target sees to.
  public enum Family {
    /// Secrets of a cluster.
    SECRET,
    /// ServiceAccounts of a cluster.
    ACCOUNT,
    /// Policies of a cluster, and bindings of them.
    POLICY,
    /// What hosts have.
    HOST
  }

  private final Phase phase;
  private final String word;
  private final Family family;

  ResourceKind(Phase phase, String word, Family family) {
    this.phase = phase;
    this.word = word;
    this.family = family;
  }

  /// To whom it belongs in a target; for what holds for a whole family.
  public Family family() {
    return family;
  }

  /// When resources of this kind are applied.
  public Phase phase() {
    return phase;
  }

  /// Whether it is a policy of a cluster or a binding of one.
  public boolean isPolicy() {
    return family == Family.POLICY;
  }

  /// Whether it decides what may be pulled, or where that comes from: a policy of a cluster, or
  /// what does the same on a host.
  public boolean governs() {
    return isPolicy() || (isOfHosts() && phase.compareTo(Phase.ALLOW) >= 0);
  }

  /// Whether it is found on hosts.
  public boolean isOfHosts() {
    return family == Family.HOST;
  }

  /// The word for people.
  public String word() {
    return word;
  }
}
