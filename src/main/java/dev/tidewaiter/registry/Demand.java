package dev.tidewaiter.registry;

/// What a registry that cannot be asked means for a new credential.
public enum Demand {
  /// It waits until the registry answers.
  REQUIRED,
  /// It waits ten minutes, while an older one serves.
  WHEN_REACHABLE,
  /// The registry is not asked at all, about images neither.
  NEVER
}
