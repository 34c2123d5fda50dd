package dev.tidewaiter.desired;

/// What the runtime of a host may be able to do with what an environment declares.
public enum Capability {
  /// Trusts the CA that a registry declares.
  CA("a registry's CA"),
  /// Shows a registry its client certificate.
  CLIENT_CERTIFICATE("client certificates"),
  /// Pulls over plain HTTP, and without looking at certificates.
  INSECURE("insecure registries"),
  /// Asks mirrors of Docker Hub that have no path first.
  HUB_MIRRORS("mirrors of Docker Hub"),
  /// Asks the mirrors of any registry first.
  MIRRORS("mirrors"),
  /// Pulls with the credentials of the user who pulls.
  USER_CREDENTIALS("credentials of users"),
  /// Pulls with one credential, whoever pulls.
  NODE_CREDENTIALS("credentials of the whole machine"),
  /// Refuses every registry that is not on the allow-list.
  ALLOW_LIST("the allow-list"),
  /// Refuses also what is beside the path of an entry in a registry that is listed with a path.
  ALLOW_LIST_PATHS("paths on the allow-list"),
  /// Pulls what is on Docker Hub from another registry.
  DEFAULT_REGISTRY("the default registry"),
  /// Trusts a CA in every program of the machine.
  TRUST_STORE("the system's trust store");

  private final String word;

  Capability(String word) {
    this.word = word;
  }

  /// The words for people.
  public String word() {
    return word;
  }
}
