package dev.tidewaiter.plan;

/// Whose a resource is that a target reported: the inventory, as far as this resource goes.
public sealed interface Holding {
  /// The whole resource is ours, written for the environment of this cycle: it may be changed and
  /// pruned.
  record Ours() implements Holding {}

  /// It is somebody else's and stays so, but single fields in it are ours: a ServiceAccount, a
  /// user's `config.json`.
  record Shared() implements Holding {}

  /// It is ours, but written for another environment of this instance or by another instance.
  ///
  /// @param owner the instance and environment, for people
  record Elsewhere(String owner) implements Holding {}

  /// It is somebody else's and stands in our place.
  ///
  /// @param description what it is and who wrote it, for people
  record Foreign(String description, Adoption adoption) implements Holding {}

  /// What the owner of a foreign resource allows, by an annotation on it.
  enum Adoption {
    /// Not annotated: never touched.
    FORBIDDEN,
    /// May become ours if nothing of its content would be lost.
    IF_NOTHING_IS_LOST,
    /// May become ours, and be replaced.
    REPLACE
  }
}
