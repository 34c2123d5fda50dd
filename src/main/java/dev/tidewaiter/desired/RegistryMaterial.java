package dev.tidewaiter.desired;

import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.Secret;
import org.jspecify.annotations.Nullable;

/// All that was resolved for one registry in this round.
///
/// @param ca null if none is declared; likewise the client's certificate and key
public record RegistryMaterial(
    Minted credential,
    @Nullable Text ca,
    @Nullable Text clientCertificate,
    @Nullable Text clientKey) {

  /// What became of a declared text.
  public sealed interface Text {
    record Known(Secret text) implements Text {}

    /// Not known: what was written before stays. `reason` names the reference, never a value.
    record Withheld(String reason) implements Text {}
  }
}
