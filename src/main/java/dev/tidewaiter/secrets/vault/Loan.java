package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Issuance;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/// What one read of a path gave that Vault only lends: all keys of it are one credential.
///
/// It ends with its lease, or with the token that it was lent to, whichever is first: leases are
/// children of the token, and a token that nobody renews takes them along.
///
/// @param data its keys and values, never to be shown
/// @param owner the token that it was lent to, as it was known last
record Loan(String path, JsonNode data, Lease lease, TokenLife owner) {
  Loan with(Lease next) {
    return new Loan(path, data, next, owner);
  }

  Loan ownedBy(TokenLife known) {
    return new Loan(path, data, lease, known);
  }

  /// When it ends, on the monotonic clock.
  ///
  /// @param keeping whether the owner is the token that is in use, and hence renewed
  long end(boolean keeping) {
    long end = lease.end();
    if (owner.end().isEmpty() || (keeping && owner.isWorthRenewing())) {
      return end;
    }
    long owners = owner.end().getAsLong();
    return owners - end < 0 ? owners : end;
  }

  /// What it gives, as long as it has not ended.
  ///
  /// The identity is the lease's, not the path's alone: two loans of one path do not replace each
  /// other, since the older is revoked.
  PathAnswer answer(boolean keeping) {
    Instant from = lease.since().instant();
    Instant until = lease.since().instantAt(end(keeping));
    String identity = "vault/" + path + "@" + lease.digest();
    return new PathAnswer.Read(
        data, "lease " + lease.digest(), new Issuance(identity, from, until));
  }

  @Override
  public String toString() {
    return "Loan[" + path + ", " + lease + "]";
  }
}
