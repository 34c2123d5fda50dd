package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.RegistryMaterial;
import java.time.Instant;
import java.util.Map;

/// What one round found out; every cycle works with the newest one.
///
/// @param number from 1, within the process
/// @param material by registry name, of each active registry in force that a served environment
///   uses
public record RoundResult(
    long number,
    String trigger,
    Instant startedAt,
    Standing standing,
    Map<String, RegistryMaterial> material) {
  public RoundResult {
    material = Map.copyOf(material);
  }
}
