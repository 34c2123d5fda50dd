package dev.tidewaiter.registry;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.registry.RegistryProbe.ImageAnswer;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistrySituation.Proof;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decides whether a new credential replaces the one that serves. Pure.
///
/// | the registry | an older one serves | none does |
/// |---|---|---|
/// | is not asked (`Never`) | promoted | promoted |
/// | takes it, and has the images | promoted | promoted |
/// | takes it, but an image is missing | held; promoted if it is of the same identity | promoted |
/// | refuses it | held | held |
/// | cannot be asked, `Required` | held | held |
/// | cannot be asked, `WhenReachable` | promoted unverified after ten minutes | promoted unverified |
/// | was not asked yet, or has not answered | held | held |
///
/// What was refused stays so until the registry takes it: that it cannot be asked any more is no
/// reason to believe the opposite.
///
/// An image that is missing does not hold a fresh token of the same identity, because it would be
/// missing with the one before too, and that one ends.
final class PromotionRule {
  /// How long a new credential waits for a registry that cannot be asked.
  static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private PromotionRule() {}

  /// What is known of the credential that was promoted before.
  enum Older {
    /// There is none, or it has ended.
    NONE,
    /// There is one on the targets, which this process does not know.
    UNKNOWN,
    /// It is known and has not ended.
    SERVING
  }

  /// @param sameIdentity whether the new and the older one were minted for the same
  /// @param waitedLongEnough whether it is ten minutes since the new one was first seen
  /// @param refused whether the registry said no to the new one before
  record Situation(
      Demand demand,
      Older older,
      boolean sameIdentity,
      boolean waitedLongEnough,
      boolean refused) {}

  /// @param promoted whether the new one serves from now on
  /// @param detail what the registry said; empty for nothing worth telling
  record Decision(boolean promoted, Proof proof, String detail) {}

  /// @param answer null if there is none yet
  static Decision decide(Situation situation, @Nullable ProbeAnswer answer) {
    if (situation.demand() == Demand.NEVER) {
      return new Decision(true, Proof.UNASKED, "");
    }
    return switch (answer) {
      case null -> new Decision(false, Proof.WAITING, "the registry has not answered yet");
      case ProbeAnswer.NotAsked(String reason) -> new Decision(false, Proof.WAITING, reason);
      case ProbeAnswer.Refused(String reason) -> new Decision(false, Proof.REFUSED, reason);
      case ProbeAnswer.Unreachable(String reason) -> unreachable(situation, reason);
      case ProbeAnswer.Accepted(var images) -> {
        SortedMap<ImageReference, String> missing = missing(answer);
        String silent = unreachable(images.values());
        if (!missing.isEmpty()) {
          yield missing(situation, missing);
        }
        yield silent == null
            ? new Decision(true, Proof.VERIFIED, "")
            : unreachable(situation, silent);
      }
    };
  }

  /// The images that are not there or may not be pulled, and what was said of each.
  static SortedMap<ImageReference, String> missing(@Nullable ProbeAnswer answer) {
    var missing = new TreeMap<ImageReference, String>();
    if (answer instanceof ProbeAnswer.Accepted(var images)) {
      images.forEach(
          (image, said) -> {
            switch (said) {
              case ImageAnswer.Missing(String reason) -> missing.put(image, reason);
              case ImageAnswer.Refused(String reason) -> missing.put(image, reason);
              case ImageAnswer.Found _, ImageAnswer.Unreachable _ -> {}
            }
          });
    }
    return missing;
  }

  private static Decision missing(Situation situation, SortedMap<ImageReference, String> missing) {
    boolean holds = situation.older() != Older.NONE && !situation.sameIdentity();
    ImageReference first = missing.firstKey();
    String detail = first + ": " + missing.get(first);
    return new Decision(!holds, holds ? Proof.REFUSED : Proof.VERIFIED, detail);
  }

  private static Decision unreachable(Situation situation, String reason) {
    if (situation.refused()) {
      return new Decision(false, Proof.REFUSED, "refused before; now " + reason);
    }
    boolean promoted =
        situation.demand() == Demand.WHEN_REACHABLE
            && (situation.older() == Older.NONE || situation.waitedLongEnough());
    return new Decision(promoted, promoted ? Proof.UNVERIFIED : Proof.WAITING, reason);
  }

  private static @Nullable String unreachable(Iterable<ImageAnswer> answers) {
    for (ImageAnswer answer : answers) {
      if (answer instanceof ImageAnswer.Unreachable(String reason)) {
        return reason;
      }
    }
    return null;
  }
}
