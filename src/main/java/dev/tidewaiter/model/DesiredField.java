package dev.tidewaiter.model;

/// What one field of a resource should be.
public sealed interface DesiredField {
  /// It should have this value.
  ///
  /// @param origin what makes it change, which decides whether it is still written while an
  ///   environment is suspended
  record Known(FieldValue value, Origin origin) implements DesiredField {}

  /// It is declared, but its value is not known: whatever is there stays.
  ///
  /// @param reason why, for people; names references and never a value
  record Withheld(String reason) implements DesiredField {}

  /// Where a value comes from.
  enum Origin {
    /// Git, or a long-lived secret that Git refers to.
    DECLARED,
    /// A provider that mints it for a limited time: refreshed even while declared state is frozen.
    MINTED
  }
}
