package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The life of every credential: minted once and shared, refreshed, kept across restarts, proven,
/// promoted.
///
/// Used by one thread at a time. Whoever is slow to answer is waited for only as long as the caller
/// likes; the answer then counts the next time.
public final class CredentialLife {
  private final Timing timing;
  private final Tokens tokens;
  private final Promotion promotion;
  private volatile Runnable late = () -> {};
  private Optional<Instant> nextAt = Optional.empty();

  /// @param directory where state is kept, of mode 0700; nobody else may use it
  public CredentialLife(
      TokenProvider provider, RegistryProbe probe, Path directory, Timing timing) {
    this.timing = timing;
    this.tokens = new Tokens(provider, directory, timing, () -> late.run());
    this.promotion = new Promotion(probe, directory, timing, () -> late.run());
  }

  /// @param action called, from any thread, after an answer for which nobody waited any more
  public void whenLate(Runnable action) {
    late = action;
  }

  /// Mints and probes what is due. What is not wanted is forgotten.
  ///
  /// @param patience how long to wait for the mints, and then for the probes
  /// @return by the name of the registry
  public Map<String, RegistrySituation> advance(List<Wanted> wanted, Duration patience) {
    Map<String, Credential> earlier = earlier(wanted);
    Map<String, TokenState> states = tokens.refresh(requests(wanted), kept(wanted), patience);
    var situations = promotion.prove(claims(wanted, states, earlier), patience);
    return complete(wanted, states, situations);
  }

  /// What there would be if all that is new were proven. Nobody is asked for anything, and nothing
  /// is kept.
  public Map<String, RegistrySituation> preview(List<Wanted> wanted) {
    var identities = new HashSet<String>();
    requests(wanted).forEach(request -> identities.add(request.identity()));
    Map<String, TokenState> states = tokens.states(identities);
    var situations = promotion.preview(claims(wanted, states, earlier(wanted)));
    return complete(wanted, states, situations);
  }

  /// When something is due next, as the last call left it: a refresh, a question, an end.
  public Optional<Instant> nextAt() {
    return nextAt;
  }

  private static List<TokenRequest> requests(List<Wanted> wanted) {
    return wanted.stream()
        .map(Wanted::sourced)
        .filter(Sourced.ToMint.class::isInstance)
        .map(sourced -> ((Sourced.ToMint) sourced).request())
        .toList();
  }

  // What serves now is kept although its identity is not declared any more: its successor may not
  // be promoted yet.
  private Set<String> kept(List<Wanted> wanted) {
    var identities = new HashSet<String>();
    for (Wanted one : wanted) {
      String identity = promotion.identityOf(one);
      if (identity != null) {
        identities.add(identity);
      }
    }
    return identities;
  }

  private Map<String, Credential> earlier(List<Wanted> wanted) {
    var earlier = new HashMap<String, Credential>();
    for (Wanted one : wanted) {
      String identity = promotion.identityOf(one);
      Credential token = identity == null ? null : tokens.token(identity);
      if (token != null) {
        earlier.put(one.name(), token);
      }
    }
    return earlier;
  }

  private List<Claim> claims(
      List<Wanted> wanted, Map<String, TokenState> states, Map<String, Credential> earlier) {
    return wanted.stream()
        .map(one -> new Claim(one, candidate(one, states), earlier.get(one.name())))
        .toList();
  }

  private Minted candidate(Wanted wanted, Map<String, TokenState> states) {
    return switch (wanted.sourced()) {
      case Sourced.ToMint(TokenRequest request) -> state(request, states).minted();
      case Sourced.Settled(Minted.Ready(Credential credential)) when isOver(credential) ->
          new Minted.Withheld(
              Minted.Cause.UNAVAILABLE,
              wanted.address() + ": its lease has ended, and there is no new one yet");
      case Sourced.Settled(Minted settled) -> settled;
    };
  }

  private static TokenState state(TokenRequest request, Map<String, TokenState> states) {
    TokenState state = states.get(request.identity());
    return state == null ? new TokenState(request.identity(), null, null, null) : state;
  }

  // A lease tells its end by the wall clock alone. A token's is measured where it is held.
  private boolean isOver(Credential credential) {
    Issuance issuance = credential.issuance();
    return issuance != null && !issuance.expiresAt().isAfter(timing.clock().instant());
  }

  private Map<String, RegistrySituation> complete(
      List<Wanted> wanted,
      Map<String, TokenState> states,
      Map<String, RegistrySituation> situations) {
    var complete = new TreeMap<>(situations);
    for (Wanted one : wanted) {
      if (one.sourced() instanceof Sourced.ToMint(TokenRequest request)) {
        complete.computeIfPresent(one.name(), (_, found) -> found.with(state(request, states)));
      }
    }
    nextAt = next(complete.values().stream());
    return complete;
  }

  private Optional<Instant> next(Stream<RegistrySituation> situations) {
    Instant now = timing.clock().instant();
    Stream<Instant> ofRegistries = situations.flatMap(CredentialLife::moments);
    return Stream.of(ofRegistries, tokens.nextAt().stream(), promotion.nextAt().stream())
        .flatMap(moments -> moments)
        .filter(moment -> moment.isAfter(now))
        .min(Comparator.naturalOrder());
  }

  // A token is refreshed by what holds it; a lease by the secret store, if it is asked in time.
  private static Stream<Instant> moments(RegistrySituation situation) {
    var moments = Stream.<Instant>builder();
    if (situation.waitsUntil() != null) {
      moments.add(situation.waitsUntil());
    }
    if (situation.delivered() instanceof Minted.Ready(Credential credential)) {
      Issuance issuance = credential.issuance();
      if (issuance != null) {
        moments.add(issuance.halfLife()).add(issuance.expiresAt());
      }
    }
    return moments.build();
  }
}
