package dev.tidewaiter.config;

import org.jspecify.annotations.Nullable;

/// What loading a snapshot needs to know beside its files.
///
/// @param inForce what is in force, whose addresses must not change; null if nothing is
/// @param order when registries were added
/// @param withoutOrder what to say if the order of two registries with one address is not known
public record LoadContext(
    @Nullable Declarations inForce, AdditionOrder order, WithoutOrder withoutOrder) {

  /// What follows from an unknown order.
  public enum WithoutOrder {
    /// For `validate`: it is said in a note, and none of the two is superseded.
    NOTE,
    /// For everything that applies: which credential serves must not be guessed.
    PROBLEM
  }

  /// For a daemon, or anything else that applies what it loads.
  public static LoadContext applying(@Nullable Declarations inForce, AdditionOrder order) {
    return new LoadContext(inForce, order, WithoutOrder.PROBLEM);
  }

  /// For `validate`.
  public static LoadContext validating(@Nullable Declarations inForce, AdditionOrder order) {
    return new LoadContext(inForce, order, WithoutOrder.NOTE);
  }
}
