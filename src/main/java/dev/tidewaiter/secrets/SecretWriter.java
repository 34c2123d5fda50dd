package dev.tidewaiter.secrets;

import dev.tidewaiter.model.Secret;
import java.util.SortedMap;

/// A secret store that takes new secrets, and never loses one that it has.
public interface SecretWriter {
  /// Writes what is to be kept at a path, if nothing is there.
  ///
  /// Idempotent: the same values are found to be there the second time. Whatever else is at the
  /// path, stays.
  ///
  /// @param path as a reference writes it
  /// @param values by key
  Written write(String path, SortedMap<String, Secret> values);

  /// What came of writing. No text holds a value.
  sealed interface Written {
    /// It was written.
    record New() implements Written {}

    /// The same was there already.
    record Same() implements Written {}

    /// Something else is there, and stays.
    ///
    /// @param reason the path first, one sentence
    record Different(String reason) implements Written {}

    /// It could not be written, or it is not known whether it was: to do so again does no harm.
    ///
    /// @param reason the path first, one sentence, and what to do
    record Failed(String reason) implements Written {}
  }
}
