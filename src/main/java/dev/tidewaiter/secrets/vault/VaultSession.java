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
/// are over, and a new one when the token has met its `max_ttl` or was revoked.
///
/// Source: [token API](https://developer.hashicorp.com/vault/api-docs/auth/token), [AppRole
/// API](https://developer.hashicorp.com/vault/api-docs/auth/approle#login-with-approle).
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

  private final VaultSettings.Login login;
  private final LoginFiles files;
  private final VaultWire wire;
  private final LongSupplier nanos;
  private final Backoff logins;
  private final Backoff renewals;
  private String refusal = "was not asked yet";
  private LoginFiles.@Nullable Content content;
  private @Nullable TokenLife life;
  private @Nullable Secret dead;
  private @Nullable Long believedAt;
  private @Nullable Long suspectedAt;
  private boolean proven;

  VaultSession(VaultSettings.Login login, VaultWire wire, Backoff.Pace pace) {
    this.login = login;
    this.files = new LoginFiles(login);
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
    long asked = nanos.getAsLong();
    return switch (wire.get(held.token(), "auth/token/lookup-self", null)) {
      case Reply.Answered answered when answered.status() == 200 -> {
        believedAt = asked;
        yield state();
      }
      case Reply.Answered answered when answered.status() == 403 && answered.isVaultsError() ->
          refused(held);
      case Reply.Answered answered -> close("answers " + answered.status() + " to who we are");
      case Reply.Silence silence -> close(silence.words());
    };
  }

  private State refused(TokenLife held) {
    boolean fixed = login instanceof VaultSettings.Login.Token;
    if (!held.verified() && (fixed ? proven : isRecent(suspectedAt, BETWEEN_SUSPICIONS))) {
      return new State.Open(held.token());
    }
    suspectedAt = nanos.getAsLong();
    life = null;
    LOG.atInfo().setMessage("vault token refused").addKeyValue("login", method()).log();
    if (fixed) {
      dead = held.token();
      logins.failed(null);
      return close(deadToken());
    }
    return logIn();
  }

  private void takeNewFiles() {
    Optional<LoginFiles.Content> read = files.read();
    if (read.isEmpty() || read.get().equals(content)) {
      return;
    }
    content = read.get();
    logins.succeeded();
    if (login instanceof VaultSettings.Login.Token) {
      life = null;
      dead = null;
    }
  }

  private State logIn() {
    LoginFiles.Content shown = content;
    if (shown == null) {
      return close("was not asked: " + files.names() + " cannot be read, or is empty");
    }
    if (!logins.isDue()) {
      return new State.Closed(refusal);
    }
    return switch (login) {
      case VaultSettings.Login.Token _ -> adopt(shown.first());
      case VaultSettings.Login.AppRole role -> logIn(role, shown);
    };
  }

  private State adopt(Secret token) {
    long asked = nanos.getAsLong();
    return switch (wire.get(token, "auth/token/lookup-self", null)) {
      case Reply.Answered answered when answered.status() == 200 -> {
        JsonNode data = answered.body().path("data");
        yield open(token, asked, data.path("ttl"), data.path("renewable"), true);
      }
      // A good token may lack the right to ask this; but not one that had it once.
      case Reply.Answered answered
          when answered.status() == 403 && answered.isVaultsError() && !token.equals(dead) -> {
        JsonNode unknown = answered.body().path("data");
        yield open(token, asked, unknown, unknown, false);
      }
      case Reply.Answered answered when answered.status() == 403 && answered.isVaultsError() ->
          fail(deadToken(), answered.retryAfter());
      case Reply.Answered answered ->
          fail(
              Replies.meaning(answered.status()) + " to the token's look-up",
              answered.retryAfter());
      case Reply.Silence silence -> fail(silence.words(), null);
    };
  }

  private State logIn(VaultSettings.Login.AppRole role, LoginFiles.Content shown) {
    long asked = nanos.getAsLong();
    Map<String, Secret> fields = Map.of("role_id", shown.first(), "secret_id", shown.second());
    return switch (wire.post(null, "auth/" + role.mount() + "/login", fields)) {
      case Reply.Answered answered when answered.status() == 200 -> {
        JsonNode auth = answered.body().path("auth");
        if (!auth.path("client_token").isString()) {
          yield fail("answers the login without a token", null);
        }
        Secret token = Secret.of(auth.path("client_token").asString());
        boolean mayAsk =
            wire.get(token, "auth/token/lookup-self", null) instanceof Reply.Answered self
                && self.status() == 200;
        yield open(token, asked, auth.path("lease_duration"), auth.path("renewable"), mayAsk);
      }
      case Reply.Answered answered
          when (answered.status() == 400 || answered.status() == 403) && answered.isVaultsError() ->
          fail(
              "refused the AppRole login (%d). Check %s, and that the role exists at `auth/%s`"
                  .formatted(answered.status(), files.names(), role.mount()),
              answered.retryAfter());
      case Reply.Answered answered ->
          fail(Replies.meaning(answered.status()) + " to the login", answered.retryAfter());
      case Reply.Silence silence -> fail(silence.words(), null);
    };
  }

  private State open(Secret token, long asked, JsonNode ttl, JsonNode renewable, boolean verified) {
    Duration lives = Duration.ofSeconds(ttl.asLong(0));
    life = new TokenLife(token, asked, lives, lives, renewable.asBoolean(false), verified);
    proven = false;
    believedAt = verified ? asked : null;
    logins.succeeded();
    renewals.succeeded();
    LOG.atInfo()
        .setMessage("logged in to vault")
        .addKeyValue("login", method())
        .addKeyValue("ttl", lives)
        .log();
    return new State.Open(token);
  }

  // Whatever happens, the old token serves as long as it lives.
  private void prolong(TokenLife held) {
    if (!held.isWorthRenewing()) {
      if (login instanceof VaultSettings.Login.AppRole) {
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
    return "refused the token: it expired or was revoked. Write a new one into " + files.names();
  }

  private String method() {
    return switch (login) {
      case VaultSettings.Login.Token _ -> "token";
      case VaultSettings.Login.AppRole _ -> "approle";
    };
  }

  private boolean isRecent(@Nullable Long at, Duration within) {
    return at != null && nanos.getAsLong() - at < within.toNanos();
  }
}
