package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.registry.RegistrySituation.Proof;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How it stands with one registry and its credential, without any secret.
///
/// @param source the provider, as declarations write it: `basic`, `ecr`, `anonymous`
/// @param identity for what its credential was minted; null if it is long-lived or not known
/// @param expiresAt when what is delivered ends; null if it does not, or nothing is delivered
/// @param refreshAt when the next one is asked for; null if none is, or that is being done
/// @param lastFailure since when no new one could be had and why; null if the last attempt brought
///   one
public record RegistryReport(
    String registry,
    RegistryAddress address,
    String source,
    @Nullable String identity,
    Proof proof,
    @Nullable Instant expiresAt,
    @Nullable Instant refreshAt,
    @Nullable String lastFailure,
    List<Condition> conditions) {
  public RegistryReport {
    conditions = List.copyOf(conditions);
  }

  /// Of the newest credential, for people: `verified`, `refused`.
  public String proofWord() {
    return proof.name().toLowerCase(Locale.ROOT);
  }
}
