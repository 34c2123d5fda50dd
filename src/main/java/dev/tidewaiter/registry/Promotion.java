package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.registry.PromotionRule.Decision;
import dev.tidewaiter.registry.PromotionRule.Situation;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import dev.tidewaiter.registry.RegistrySituation.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which credential serves each registry, and the proof of a new one before it replaces that.
///
/// Used by one thread at a time. What is remembered outlives the process in `promotions.json`, so
/// that a restart neither probes an unchanged credential nor forgets since when a new one waits.
final class Promotion {
  private static final Logger LOG = LoggerFactory.getLogger(Promotion.class);

  private final Probes probes;
  private final Timing timing;
  private final PromotionFile file;
  private final Digests digests;
  private final Map<String, Serving> entries = new TreeMap<>();
  private Map<String, PromotionFile.Entry> stored;

  /// @param late called after an answer for which nobody waits any more
  Promotion(RegistryProbe probe, Path directory, Timing timing, Runnable late) {
    this.probes = new Probes(probe, timing, late);
    this.timing = timing;
    this.file = new PromotionFile(directory);
    Optional<PromotionFile.Content> content = file.read();
    this.digests = content.map(PromotionFile.Content::digests).orElseGet(Digests::withRandomKey);
    this.stored = content.map(PromotionFile.Content::entries).orElse(Map.of());
    stored.forEach((name, entry) -> entries.put(name, new Serving(entry, timing)));
  }

  /// For what the credential of a registry was minted that serves it; null if it is long-lived or
  /// there is none.
  @Nullable String identityOf(Wanted registry) {
    Serving serving = entries.get(registry.key());
    Promoted promoted = serving == null ? null : serving.promoted();
    return promoted == null || promoted.identity().isEmpty() ? null : promoted.identity();
  }

  /// Asks what has to be proven, waits for it at most so long, and decides. What is not claimed is
  /// forgotten.
  Map<String, RegistrySituation> prove(List<Claim> claims, Duration patience) {
    claims.forEach(this::serving);
    entries.keySet().retainAll(claims.stream().map(Claim::key).collect(Collectors.toSet()));
    var questions = new HashSet<Question>();
    for (Claim claim : claims) {
      serving(claim).recall(claim, digests);
      questions.addAll(open(claim));
    }
    probes.ask(questions, patience);
    var situations = new TreeMap<String, RegistrySituation>();
    claims.forEach(claim -> situations.put(claim.name(), settle(claim)));
    store();
    return situations;
  }

  /// What would serve each registry if all that is new were proven. Nobody is asked, and nothing is
  /// kept.
  Map<String, RegistrySituation> preview(List<Claim> claims) {
    var situations = new TreeMap<String, RegistrySituation>();
    for (Claim claim : claims) {
      Serving serving = serving(claim);
      serving.recall(claim, digests);
      situations.put(
          claim.name(),
          switch (claim.candidate()) {
            case Minted.None none -> situation(none, Proof.ANONYMOUS, "", true);
            case Minted.Ready ready -> situation(ready, Proof.WAITING, "", true);
            case Minted.Withheld withheld -> withheld(claim, withheld);
          });
    }
    return situations;
  }

  /// When the next question is due.
  Optional<Instant> nextAt() {
    return probes.nextAt();
  }

  private Serving serving(Claim claim) {
    Serving known = entries.get(claim.key());
    if (known == null) {
      known = new Serving(predecessor(claim), timing);
      entries.put(claim.key(), known);
    }
    return known;
  }

  // What serves the address by another declaration, which a rename or a successor takes over: its
  // credential is not known under the new name, but it is on the targets.
  private PromotionFile.Entry predecessor(Claim claim) {
    return entries.entrySet().stream()
        .filter(entry -> Wanted.isAt(entry.getKey(), claim.wanted().address()))
        .map(entry -> entry.getValue().promoted())
        .filter(Objects::nonNull)
        .findFirst()
        .map(promoted -> new PromotionFile.Entry(promoted, null))
        .orElse(PromotionFile.Entry.NOTHING);
  }

  // What was proven is not asked again; what needs no credential is asked for its images only.
  private Set<Question> open(Claim claim) {
    Question question = claim.question();
    if (question == null || claim.wanted().demand() == Demand.NEVER) {
      return Set.of();
    }
    return switch (claim.candidate()) {
      case Minted.Withheld _ -> Set.of();
      case Minted.None _ -> question.images().isEmpty() ? Set.of() : Set.of(question);
      case Minted.Ready _ ->
          serving(claim).isProven(digest(question)) ? Set.of() : Set.of(question);
    };
  }

  private RegistrySituation settle(Claim claim) {
    return switch (claim.candidate()) {
      case Minted.None none -> anonymous(claim, none);
      case Minted.Withheld withheld -> withheld(claim, withheld);
      case Minted.Ready(Credential credential) ->
          serving(claim).isPromoted(digest(claim, credential))
              ? promoted(claim, credential)
              : candidate(claim, credential);
    };
  }

  private RegistrySituation anonymous(Claim claim, Minted.None none) {
    var missing = PromotionRule.missing(answer(claim));
    return new RegistrySituation(none, Proof.ANONYMOUS, "", true, missing, null, null);
  }

  // The last promoted one serves on, also where nothing was before, if it is still what is
  // declared.
  private RegistrySituation withheld(Claim claim, Minted.Withheld withheld) {
    Credential older = older(claim);
    Minted delivered = older == null ? withheld : new Minted.Ready(older);
    return situation(delivered, Proof.UNKNOWN, withheld.reason(), false);
  }

  // If its references are others now, they may be bound to others too: then it stays where it is,
  // and is written nowhere else.
  private @Nullable Credential older(Claim claim) {
    Serving serving = serving(claim);
    return serving.isOf(source(claim)) ? serving.credential() : null;
  }

  private RegistrySituation promoted(Claim claim, Credential credential) {
    Serving serving = serving(claim);
    Question question = claim.question();
    var delivered = new Minted.Ready(credential);
    if (question != null && serving.isProven(digest(question))) {
      return situation(delivered, Proof.VERIFIED, "", true);
    }
    ProbeAnswer answer = answer(claim);
    var missing = PromotionRule.missing(answer);
    var alone = new Situation(claim.wanted().demand(), PromotionRule.Older.NONE, true, true, false);
    Decision decision = PromotionRule.decide(alone, answer);
    if (decision.proof() == Proof.VERIFIED && missing.isEmpty() && question != null) {
      serving.proven(digest(question));
    }
    Proof proof = decision.proof() == Proof.WAITING ? Proof.UNVERIFIED : decision.proof();
    return new RegistrySituation(delivered, proof, decision.detail(), true, missing, null, null);
  }

  private RegistrySituation candidate(Claim claim, Credential credential) {
    Serving serving = serving(claim);
    String digest = digest(claim, credential);
    Instant since = serving.waitsSince(digest);
    var situation =
        new Situation(
            claim.wanted().demand(),
            serving.older(),
            serving.isOfIdentity(Claim.identity(credential)),
            !timing.clock().instant().isBefore(since.plus(PromotionRule.LONGEST_WAIT)),
            serving.isRefused(digest));
    ProbeAnswer answer = answer(claim);
    Decision decision = PromotionRule.decide(situation, answer);
    var missing = PromotionRule.missing(answer);
    if (decision.proof() == Proof.REFUSED) {
      serving.refused();
    }
    if (!decision.promoted()) {
      return held(claim, decision, missing, since);
    }
    Question question = claim.question();
    boolean proven = decision.proof() == Proof.VERIFIED && missing.isEmpty() && question != null;
    serving.promote(
        credential, digest, source(claim), proven && question != null ? digest(question) : "");
    LOG.atInfo()
        .setMessage("credential promoted")
        .addKeyValue("registry", claim.name())
        .addKeyValue("proof", decision.proof())
        .addKeyValue("detail", decision.detail())
        .log();
    return new RegistrySituation(
        new Minted.Ready(credential),
        decision.proof(),
        decision.detail(),
        true,
        missing,
        null,
        null);
  }

  private RegistrySituation held(
      Claim claim, Decision decision, SortedMap<ImageReference, String> missing, Instant since) {
    Serving serving = serving(claim);
    Credential older = older(claim);
    boolean ends =
        decision.proof() == Proof.WAITING
            && claim.wanted().demand() == Demand.WHEN_REACHABLE
            && serving.older() != PromotionRule.Older.NONE;
    return new RegistrySituation(
        older == null ? unproven(claim, decision) : new Minted.Ready(older),
        decision.proof(),
        decision.detail(),
        false,
        missing,
        null,
        ends ? since.plus(PromotionRule.LONGEST_WAIT) : null);
  }

  private static Minted unproven(Claim claim, Decision decision) {
    boolean refused = decision.proof() == Proof.REFUSED;
    return new Minted.Withheld(
        refused ? Minted.Cause.DENIED : Minted.Cause.UNAVAILABLE,
        "%s: its credential is not proven: %s"
            .formatted(claim.wanted().address(), decision.detail()));
  }

  private static RegistrySituation situation(
      Minted delivered, Proof proof, String detail, boolean promoted) {
    return new RegistrySituation(
        delivered, proof, detail, promoted, Collections.emptySortedMap(), null, null);
  }

  private @Nullable ProbeAnswer answer(Claim claim) {
    Question question = claim.question();
    return question == null
        ? new ProbeAnswer.Unreachable("a certificate that its declaration names is not known")
        : probes.answer(question);
  }

  private String source(Claim claim) {
    return Serving.source(claim, digests);
  }

  private String digest(Claim claim, Credential credential) {
    return Serving.digest(claim, credential, digests);
  }

  private String digest(Question question) {
    Credential credential = question.credential();
    String images =
        question.images().stream().sorted().map(Object::toString).collect(Collectors.joining(" "));
    return credential == null
        ? digests.of("question " + images)
        : digests.of("question " + images, credential.sealable());
  }

  private void store() {
    var now = new HashMap<String, PromotionFile.Entry>();
    entries.forEach(
        (name, serving) -> {
          if (!serving.entry().equals(PromotionFile.Entry.NOTHING)) {
            now.put(name, serving.entry());
          }
        });
    if (!now.equals(stored) && file.write(new PromotionFile.Content(digests, new TreeMap<>(now)))) {
      stored = now;
    }
  }
}
