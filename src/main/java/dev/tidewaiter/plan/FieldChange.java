package dev.tidewaiter.plan;

import dev.tidewaiter.model.FieldValue;

/// What becomes of one field in an update.
public sealed interface FieldChange {
  /// It was not there.
  record Added(FieldValue after) implements FieldChange {}

  /// It had another value.
  record Replaced(FieldValue before, FieldValue after) implements FieldChange {}

  /// It is ours and no longer declared.
  record Dropped(FieldValue before) implements FieldChange {}
}
