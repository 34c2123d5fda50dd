package dev.tidewaiter.source;

import org.jspecify.annotations.Nullable;

/// The config repository could not be read. Nothing is known about what it declares now.
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param message one sentence: what was tried on what, and what was answered; never a
  ///   credential, nor a URL that contains one
  public SourceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
