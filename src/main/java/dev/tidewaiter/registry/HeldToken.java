package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Issuance;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is held for one identity: a token, when to ask for the next, and how that failed last.
final class HeldToken {
  /// A cloud may hand out the same token until it is nearly over: it is not asked for each second.
  private static final Duration SHORTEST = Duration.ofSeconds(10);

  private final String identity;
  private final Timing timing;
  private @Nullable Credential token;
  private long endsAt;
  private long dueAt;
  private int failures;
  private TokenState.@Nullable Failure failure;

  /// Without a token; one is due.
  HeldToken(String identity, Timing timing) {
    this.identity = identity;
    this.timing = timing;
    this.dueAt = timing.in(Duration.ZERO);
  }

  /// One that an earlier process minted. It is due at half of its life, never earlier: a restart is
  /// no reason to mint.
  ///
  /// @param kept with an issuance that is not over
  HeldToken(String identity, Credential kept, Timing timing) {
    this(identity, timing);
    Instant now = timing.clock().instant();
    Issuance issuance = Objects.requireNonNull(kept.issuance());
    token = kept;
    endsAt = timing.in(Duration.between(now, issuance.expiresAt()));
    dueAt = timing.in(Duration.between(now, issuance.halfLife()));
  }

  /// @param sentAt of the monotonic clock: the life is counted from there
  /// @param issuedAt the same moment of the wall clock
  void minted(TokenAnswer.Token answer, long sentAt, Instant issuedAt) {
    var issuance = new Issuance(identity, issuedAt, issuedAt.plus(answer.life()));
    token = new Credential(answer.username(), answer.password(), null, issuance);
    long life = answer.life().toNanos();
    long early = timing.random().nextLong(life / 10 + 1);
    endsAt = sentAt + life;
    dueAt = sentAt + Math.max(life / 2 - early, SHORTEST.toNanos());
    failures = 0;
    failure = null;
  }

  /// Whether the last attempt did not fail for the same reason.
  boolean isNews(String reason) {
    return failure == null || !failure.reason().equals(reason);
  }

  void failed(TokenState.Failure now, Pauses pauses, @Nullable Duration retryAfter) {
    failures++;
    var before = failure;
    failure =
        before == null ? now : new TokenState.Failure(now.cause(), now.reason(), before.since());
    dueAt =
        timing.in(atMostAQuarterOfWhatIsLeft(pauses.after(failures, retryAfter, timing.random())));
  }

  // Whatever a cloud, or something before it, asks us to wait: the token must not end meanwhile.
  private Duration atMostAQuarterOfWhatIsLeft(Duration pause) {
    if (token() == null) {
      return pause;
    }
    Duration quarter = Duration.ofNanos((endsAt - timing.in(Duration.ZERO)) / 4);
    Duration longest = quarter.compareTo(SHORTEST) < 0 ? SHORTEST : quarter;
    return pause.compareTo(longest) > 0 ? longest : pause;
  }

  /// Whether the next one is to be asked for. The wall clock may say so too: the other one may
  /// stand still while the machine sleeps.
  boolean isDue() {
    Credential held = token;
    Issuance issuance = held == null ? null : held.issuance();
    return timing.isOver(dueAt)
        || (failures == 0
            && issuance != null
            && !timing.clock().instant().isBefore(issuance.halfLife()));
  }

  /// The token, unless it has ended.
  @Nullable Credential token() {
    return token == null || timing.isOver(endsAt) ? null : token;
  }

  /// When something is to be done about it.
  Instant nextAt() {
    long next = token() == null ? dueAt : dueAt - endsAt < 0 ? dueAt : endsAt;
    return timing.at(next);
  }

  /// @param asks whether anybody will ask for the next one when it is due
  TokenState state(boolean asks) {
    return new TokenState(identity, token(), asks ? timing.at(dueAt) : null, failure);
  }
}
