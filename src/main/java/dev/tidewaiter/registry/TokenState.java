package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Minted;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How it stands with the token of one identity.
///
/// @param token the newest, unless it has ended; null for none
/// @param refreshAt when the next one is asked for; null while that is being done, or if nobody
///   asks
/// @param failure why the last attempt brought none; null if it brought one, or there was none
/// @param minting whether one is being asked for now
public record TokenState(
    String identity,
    @Nullable Credential token,
    @Nullable Instant refreshAt,
    @Nullable Failure failure,
    boolean minting) {
  /// Nobody is asked now.
  public TokenState(
      String identity,
      @Nullable Credential token,
      @Nullable Instant refreshAt,
      @Nullable Failure failure) {
    this(identity, token, refreshAt, failure, false);
  }

  /// The same, while the next one is asked for.
  TokenState whileMinting() {
    return new TokenState(identity, token, null, failure, true);
  }

  /// @param reason for people, without a secret
  /// @param since when the first of the attempts in a row that failed ended
  public record Failure(Minted.Cause cause, String reason, Instant since) {
    @Override
    public String toString() {
      return "since " + since + ": " + reason;
    }
  }

  /// What there is to deliver.
  Minted minted() {
    if (token != null) {
      return new Minted.Ready(token);
    }
    return new Minted.Withheld(
        failure == null ? Minted.Cause.UNAVAILABLE : failure.cause(), identity + ": " + lack());
  }

  private String lack() {
    if (failure != null) {
      return "no token " + failure;
    }
    return minting
        ? "its first token is being minted"
        : "no token is there yet (`diff` mints none)";
  }
}
