package dev.tidewaiter.registry;

import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Minted;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How it stands with the credential of one registry.
///
/// @param delivered what is written from now on
/// @param proof how much is known of the newest credential
/// @param detail why the newest is not known, not proven or not promoted; empty if it is
/// @param promoted whether the newest is the one delivered
/// @param missing images that must be there and are not, with what the registry said
/// @param token how it stands with the token; null if none is minted for it
/// @param waitsUntil until when a new one waits for its proof at most; null if none does
public record RegistrySituation(
    Minted delivered,
    Proof proof,
    String detail,
    boolean promoted,
    SortedMap<ImageReference, String> missing,
    @Nullable TokenState token,
    @Nullable Instant waitsUntil) {
  public RegistrySituation {
    missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
  }

  /// How much is known of a credential.
  public enum Proof {
    /// The registry takes it.
    VERIFIED,
    /// It is in use although the registry could not be asked.
    UNVERIFIED,
    /// The registry is not asked.
    UNASKED,
    /// It is not used before the registry has answered.
    WAITING,
    /// The registry says no, or lacks an image that must be there.
    REFUSED,
    /// The secret store or the provider gave none.
    UNKNOWN,
    /// The registry serves everybody.
    ANONYMOUS
  }

  RegistrySituation with(@Nullable TokenState ofIdentity) {
    return new RegistrySituation(
        delivered, proof, detail, promoted, missing, ofIdentity, waitsUntil);
  }
}
