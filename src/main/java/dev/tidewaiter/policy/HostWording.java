package dev.tidewaiter.policy;

/// What somebody is told of an image on a host; see [Wording].
final class HostWording {
  private HostWording() {}

  static Wording of(HostRules rules, HostVerdict verdict) {
    RuleBook book = rules.regime().rules();
    String policy = "policy \"" + book.policy() + "\" ";
    return switch (verdict) {
      case HostVerdict.Listed(RepositoryPrefix rule) ->
          allowed(book, policy + "allows images from " + rule + ".");
      case HostVerdict.WithWholeHost(RepositoryPrefix rule) ->
          allowed(
              book,
              policy
                  + "allows only "
                  + rule
                  + " there, but this runtime tells registries apart and not what is in them, so"
                  + " the whole of "
                  + rule.address()
                  + " is admitted.");
      case HostVerdict.Redirected(String pulled) ->
          allowed(
              book,
              policy
                  + "redirects docker.io, so what is pulled is \""
                  + Wording.shown(pulled)
                  + "\".");
      case HostVerdict.Unlimited() -> allowed(book, "no policy limits its registry.");
      case HostVerdict.NotEnforced() ->
          allowed(
              book,
              policy + "does not say `enforcement: Deny`, and a host can only deny or do nothing.");
      case HostVerdict.InactiveButOpen(var address, String registry) ->
          allowed(
              book,
              "its registry "
                  + address
                  + " is declared inactive, as \""
                  + registry
                  + "\", but hosts can deny it only where an allow-list is enforced.");
      case HostVerdict.NotListed() -> on(Wording.of(book, new Verdict.NotListed()));
      case HostVerdict.Inactive(var address, String registry) ->
          on(Wording.of(book, new Verdict.Inactive(address, registry)));
      case HostVerdict.OtherCase(var address) ->
          denied(
              book,
              "to a runtime its host is another one than "
                  + address
                  + ". Write the host in lower case.");
      case HostVerdict.Malformed() -> on(Wording.of(book, new Verdict.Malformed()));
    };
  }

  // The same reason, of hosts.
  private static Wording on(Wording wording) {
    return new Wording(
        wording.before(),
        wording.after().replaceFirst(" in environment ", " on hosts of environment "));
  }

  private static Wording allowed(RuleBook book, String reason) {
    return sentence("\" is allowed", book, reason);
  }

  private static Wording denied(RuleBook book, String reason) {
    return sentence("\" is not allowed", book, reason);
  }

  private static Wording sentence(String verdict, RuleBook book, String reason) {
    return new Wording(
        "image \"", verdict + " on hosts of environment \"" + book.environment() + "\": " + reason);
  }
}
