package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import java.util.Map;
import java.util.function.LongSupplier;

/// What Vault is asked about leases.
///
/// Source: [leases API](https://developer.hashicorp.com/vault/api-docs/system/leases).
///
/// @param nanos a monotonic clock in nanoseconds
record LeaseCalls(VaultWire wire, VaultSession session, LongSupplier nanos) {
  /// What came of a call.
  sealed interface Outcome {
    record Done(Reply.Answered answered) implements Outcome {}

    /// Vault refuses this lease or this request; the token is good.
    record Refused(int status) implements Outcome {}

    /// The token is not good any more, or it is not known whether it is.
    record WithoutToken() implements Outcome {}

    /// No usable answer.
    record Unknown(Reply reply) implements Outcome {}
  }

  /// Asks for as long a life as the lease was granted first.
  Outcome renew(Secret token, Lease lease) {
    Secret increment = Secret.of(Long.toString(lease.full().toSeconds()));
    return call(token, "renew", Map.of("lease_id", Secret.of(lease.id()), "increment", increment));
  }

  /// Asks whether there still is such a lease: if not, the call is refused with 400.
  Outcome lookUp(Secret token, Lease lease) {
    return call(token, "lookup", Map.of("lease_id", Secret.of(lease.id())));
  }

  /// Gives it back. Vault takes the order and carries it out by itself, as often as that needs.
  Outcome revoke(Secret token, Lease lease) {
    return call(token, "revoke", Map.of("lease_id", Secret.of(lease.id())));
  }

  private Outcome call(Secret token, String what, Map<String, Secret> fields) {
    long sent = nanos.getAsLong();
    return switch (wire.post(token, "sys/leases/" + what, fields)) {
      case Reply.Answered answered when answered.status() / 100 == 2 -> new Outcome.Done(answered);
      case Reply.Answered answered when answered.status() == 403 && answered.isVaultsError() ->
          session.afterDenial(token, sent) instanceof VaultSession.State.Open(Secret good)
                  && good.equals(token)
              ? new Outcome.Refused(403)
              : new Outcome.WithoutToken();
      case Reply.Answered answered when isRefusal(answered) ->
          new Outcome.Refused(answered.status());
      case Reply reply -> new Outcome.Unknown(reply);
    };
  }

  private static boolean isRefusal(Reply.Answered answered) {
    return answered.status() / 100 == 4
        && answered.status() != 412
        && answered.status() != 429
        && answered.isVaultsError();
  }
}
