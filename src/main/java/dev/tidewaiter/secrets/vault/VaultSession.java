package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Who the daemon is for Vault: one login for each life of a token, renewed when two thirds of it
/// are over, and a new one when the token has met its `max_ttl` or was revoked. How to log in is
/// the [LoginMethod]'s.
///
/// Source: [token API](https://developer.hashicorp.com/vault/api-docs/auth/token).
///
/// Safe for use by many threads; while one logs in, the others wait for the same token.
final class VaultSession {
  private static final Logger LOG = LoggerFactory.getLogger(VaultSession.class);

  /// How often a denial alone may lead to a new login, where tokens may not ask what they are.
  private static final Duration BETWEEN_SUSPICIONS = Duration.ofMinutes(1);

  /// Whether there is a token.
  sealed interface State {
    record Open(Secret token) implements State {}

    /// @param reason what to tell people, after the word Vault
    record Closed(String reason) implements State {}
  }

  private final LoginMethod method;
  private final VaultWire wire;
  private final LongSupplier nanos;
  private final Backoff logins;
  private final Backoff renewals;
  private String refusal = "was not asked yet";
  private LoginFiles.@Nullable Content content;
  private @Nullable TokenLife life;
  private @Nullable Secret dead;
  private @Nullable Secret lost;
  private @Nullable Long believedAt;
  private @Nullable Long suspectedAt;
  private @Nullable Long unknownAt;
  private boolean proven;

  VaultSession(VaultSettings.Login login, VaultWire wire, Backoff.Pace pace) {
    this.method = LoginMethod.of(login);
    this.wire = wire;
    this.nanos = pace.nanos();
    this.logins = new Backoff(pace);
    this.renewals = new Backoff(pace);
  }

  /// The token to use now, after a login or a renewal if one is due.
  synchronized State current() {
    takeNewFiles();
    TokenLife held = life;
    if (held == null || held.hasExpired(nanos.getAsLong())) {
      life = null;
      return logIn();
    }
    if (held.isDue(nanos.getAsLong()) && renewals.isDue()) {
      prolong(held);
    }
    return state();
  }

  /// Records that Vault took the token for a read.
  synchronized void proven(Secret token) {
    if (life != null && life.token().equals(token)) {
      proven = true;
    }
  }

  /// How long a token lives, if it is the one that is in use.
  synchronized Optional<TokenLife> life(Secret token) {
    return Optional.ofNullable(life).filter(held -> held.token().equals(token));
  }

  /// Whether Vault refused a token that it had taken: all that was lent to it is taken back.
  synchronized boolean hasLost(Secret token) {
    return token.equals(lost);
  }

  /// Finds out whether a 403 means the path or the token.
  ///
  /// @param sent when the denied read was sent, on the monotonic clock
  /// @return the same token if it is good, so that the path is denied; another to try again with;
  ///   or closed if nothing is known
  synchronized State afterDenial(Secret token, long sent) {
    takeNewFiles();
    TokenLife held = life;
    if (held == null) {
      return logIn();
    }
    if (!held.token().equals(token) || (believedAt != null && believedAt - sent >= 0)) {
      return state();
    }
    if (unknownAt != null && unknownAt - sent >= 0) {
      return new State.Closed(refusal);
    }
    long asked = nanos.getAsLong();
    return switch (wire.get(held.token(), "auth/token/lookup-self", null)) {
      case Reply.Answered answered when answered.status() == 200 -> {
        believedAt = asked;
        yield state();
      }
      case Reply.Answered answered when answered.status() == 403 && answered.isVaultsError() ->
          refused(held);
      case Reply.Answered answered -> {
        unknownAt = asked;
        yield close("answers " + answered.status() + " to who we are");
      }
      case Reply.Silence silence -> {
        unknownAt = asked;
        yield close(silence.words());
      }
    };
  }

  private State refused(TokenLife held) {
    boolean fixed = !method.givesNewTokens();
    if (!held.verified() && (fixed ? proven : isRecent(suspectedAt, BETWEEN_SUSPICIONS))) {
      return new State.Open(held.token());
    }
    suspectedAt = nanos.getAsLong();
    life = null;
    if (held.verified()) {
      lost = held.token();
    }
    LOG.atInfo().setMessage("vault token refused").addKeyValue("login", method.name()).log();
    if (fixed) {
      dead = held.token();
      logins.failed(null);
      return close(deadToken());
    }
    return logIn();
  }

  private void takeNewFiles() {
    Optional<LoginFiles.Content> read = method.read();
    if (read.isEmpty() || read.get().equals(content)) {
      return;
    }
    content = read.get();
    logins.succeeded();
    if (!method.givesNewTokens()) {
      life = null;
      dead = null;
    }
  }

  private State logIn() {
    LoginFiles.Content shown = content;
    if (shown == null) {
      return close("was not asked: " + method.files().names() + " cannot be read, or is empty");
    }
    if (!logins.isDue()) {
      return new State.Closed(refusal);
    }
    long asked = nanos.getAsLong();
    return switch (method.logIn(wire, shown)) {
      case LoginAnswer.Granted granted when !granted.verified() && granted.token().equals(dead) ->
          fail(deadToken(), null);
      case LoginAnswer.Granted granted -> open(granted, asked);
      case LoginAnswer.Refused(String reason, @Nullable Duration retryAfter) ->
          fail(reason, retryAfter);
    };
  }

  private State open(LoginAnswer.Granted granted, long asked) {
    life =
        new TokenLife(
            granted.token(),
            asked,
            granted.ttl(),
            granted.ttl(),
            granted.renewable(),
            granted.verified());
    proven = false;
    believedAt = granted.verified() ? asked : null;
    logins.succeeded();
    renewals.succeeded();
    LOG.atInfo()
        .setMessage("logged in to vault")
        .addKeyValue("login", method.name())
        .addKeyValue("ttl", granted.ttl())
        .log();
    return new State.Open(granted.token());
  }

  // Whatever happens, the old token serves as long as it lives.
  private void prolong(TokenLife held) {
    if (!held.isWorthRenewing()) {
      if (method.givesNewTokens()) {
        var _ = logIn();
      }
      return;
    }
    long asked = nanos.getAsLong();
    switch (wire.post(held.token(), "auth/token/renew-self", Map.of())) {
      case Reply.Answered answered when answered.status() == 200 -> {
        JsonNode auth = answered.body().path("auth");
        Duration granted = Duration.ofSeconds(auth.path("lease_duration").asLong(0));
        life = held.renewed(asked, granted, auth.path("renewable").asBoolean(false));
        renewals.succeeded();
        LOG.atDebug().setMessage("vault token renewed").addKeyValue("ttl", granted).log();
      }
      case Reply.Answered answered when answered.status() == 403 || answered.status() == 400 -> {
        life = held.withoutRenewal();
        prolong(held.withoutRenewal());
      }
      case Reply.Answered answered -> renewals.failed(answered.retryAfter());
      case Reply.Silence _ -> renewals.failed(null);
    }
  }

  private State state() {
    TokenLife held = life;
    return held == null ? new State.Closed(refusal) : new State.Open(held.token());
  }

  private State fail(String reason, @Nullable Duration retryAfter) {
    logins.failed(retryAfter);
    return close(reason);
  }

  private State close(String reason) {
    refusal = reason;
    return new State.Closed(reason);
  }

  private String deadToken() {
    return "refused the token: it expired or was revoked. Write a new one into "
        + method.files().names();
  }

  private boolean isRecent(@Nullable Long at, Duration within) {
    return at != null && nanos.getAsLong() - at < within.toNanos();
  }
}
