package dev.tidewaiter.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The minted tokens: one for each identity, however many registries use it.
///
/// A token is asked for again at half of its life, or up to a tenth of it earlier by chance. While
/// that fails the old one serves, and the cloud is asked with growing pauses; one that has ended is
/// never handed out. What is held outlives the process in `tokens.json`.
final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  private final TokenProvider provider;
  private final Timing timing;
  private final TokenFile file;
  private final Background<String> background;

  @GuardedBy("this")
  private final Map<String, HeldToken> held = new HashMap<>();

  /// Those that are asked for again when they are due.
  @GuardedBy("this")
  private Set<String> declared = Set.of();

  @GuardedBy("this")
  private boolean changed;

  /// @param late called after an answer for which nobody waits any more
  Tokens(TokenProvider provider, Path directory, Timing timing, Runnable late) {
    this.provider = provider;
    this.timing = timing;
    this.file = new TokenFile(directory);
    this.background = new Background<>("mint", late);
    for (Credential kept : file.read(timing.clock().instant())) {
      String identity = identity(kept);
      held.put(identity, new HeldToken(identity, kept, timing));
    }
  }

  /// Asks for what is due, waits for it at most so long, and forgets what is not named.
  ///
  /// @param kept further identities that are not forgotten
  Map<String, TokenState> refresh(
      Collection<TokenRequest> requests, Set<String> kept, Duration patience) {
    var byIdentity = new TreeMap<String, TokenRequest>();
    requests.forEach(request -> byIdentity.put(request.identity(), request));
    forgetAllBut(byIdentity.keySet(), kept);
    byIdentity.values().forEach(this::startIfDue);
    background.await(byIdentity.keySet(), patience);
    store();
    return states(byIdentity.keySet());
  }

  /// The same, but nobody is asked and nothing is forgotten.
  synchronized Map<String, TokenState> states(Set<String> identities) {
    var states = new TreeMap<String, TokenState>();
    for (String identity : identities) {
      HeldToken token = held.get(identity);
      TokenState state =
          token == null
              ? new TokenState(identity, null, null, null)
              : token.state(declared.contains(identity));
      states.put(identity, background.isRunning(identity) ? state.whileMinting() : state);
    }
    return states;
  }

  /// The token of an identity, unless it has ended.
  synchronized @Nullable Credential token(String identity) {
    HeldToken token = held.get(identity);
    return token == null ? null : token.token();
  }

  /// When the next of those that were asked for is due or over; those that are being asked for are
  /// left out.
  synchronized Optional<Instant> nextAt() {
    var moments = new ArrayList<Instant>();
    for (var entry : held.entrySet()) {
      if (declared.contains(entry.getKey()) && !background.isRunning(entry.getKey())) {
        moments.add(entry.getValue().nextAt());
      }
    }
    return moments.stream().min(Comparator.naturalOrder());
  }

  private synchronized void forgetAllBut(Set<String> requested, Set<String> kept) {
    declared = Set.copyOf(requested);
    changed |=
        held.keySet()
            .removeIf(identity -> !requested.contains(identity) && !kept.contains(identity));
  }

  private synchronized void startIfDue(TokenRequest request) {
    String identity = request.identity();
    if (held.computeIfAbsent(identity, name -> new HeldToken(name, timing)).isDue()) {
      background.start(identity, () -> mint(request), () -> broken(identity));
    }
  }

  private void mint(TokenRequest request) {
    long sentAt = timing.in(Duration.ZERO);
    Instant issuedAt = timing.clock().instant();
    TokenAnswer answer = provider.mint(request);
    answered(request.identity(), answer, sentAt, issuedAt);
  }

  private void broken(String identity) {
    var answer = new TokenAnswer.Unavailable("a defect of Tidewaiter; its log says where", null);
    answered(identity, answer, timing.in(Duration.ZERO), timing.clock().instant());
  }

  private synchronized void answered(
      String identity, TokenAnswer answer, long sentAt, Instant issuedAt) {
    HeldToken token = held.get(identity);
    if (token == null) {
      return;
    }
    switch (answer) {
      case TokenAnswer.Token minted -> {
        token.minted(minted, sentAt, issuedAt);
        changed = true;
        LOG.atInfo()
            .setMessage("token minted")
            .addKeyValue("identity", identity)
            .addKeyValue("life", minted.life())
            .log();
      }
      case TokenAnswer.Denied(String reason) ->
          failed(token, identity, Minted.Cause.DENIED, reason, null);
      case TokenAnswer.Malformed(String reason) ->
          failed(token, identity, Minted.Cause.MALFORMED, reason, null);
      case TokenAnswer.Unavailable(String reason, var retryAfter) ->
          failed(token, identity, Minted.Cause.UNAVAILABLE, reason, retryAfter);
    }
  }

  private void failed(
      HeldToken token,
      String identity,
      Minted.Cause cause,
      String reason,
      @Nullable Duration retryAfter) {
    LOG.atLevel(token.isNews(reason) ? Level.WARN : Level.DEBUG)
        .setMessage("token not minted")
        .addKeyValue("identity", identity)
        .addKeyValue("cause", cause)
        .addKeyValue("detail", reason)
        .log();
    Pauses pauses = cause == Minted.Cause.UNAVAILABLE ? Pauses.OF_SILENCE : Pauses.OF_REFUSAL;
    var failure = new TokenState.Failure(cause, reason, timing.clock().instant());
    token.failed(failure, pauses, retryAfter);
  }

  // Before anything is handed out: what a target has must not be unknown after a crash.
  private synchronized void store() {
    if (changed) {
      List<Credential> tokens =
          held.values().stream().map(HeldToken::token).filter(Objects::nonNull).toList();
      changed = !file.write(tokens);
    }
  }

  private static String identity(Credential token) {
    Issuance issuance = token.issuance();
    if (issuance == null) {
      throw new IllegalStateException("a kept token has an issuance");
    }
    return issuance.identity();
  }
}
