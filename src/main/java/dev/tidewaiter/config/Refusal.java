package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;

/// What a declaration asks of this daemon and may not have.
///
/// @param field that asks for it, by path
/// @param why the end of a sentence that begins with the field
record Refusal(String field, String why, String hint) {
  Problem problem(Registry registry) {
    return new Problem(
        registry.place(), "`%s` of Registry `%s` %s.".formatted(field, registry.name(), why), hint);
  }
}
