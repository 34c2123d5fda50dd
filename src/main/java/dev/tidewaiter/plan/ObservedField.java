package dev.tidewaiter.plan;

import dev.tidewaiter.model.FieldValue;

/// One field of a resource as a target reported it.
///
/// @param ours whether it is in our inventory: only then may it be changed or dropped
public record ObservedField(FieldValue value, boolean ours) {}
