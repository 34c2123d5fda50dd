package dev.tidewaiter.target.host;

import dev.tidewaiter.target.Outcome.FailureReason;
import java.io.IOException;

/// A file of the host is not as it has to be for us to touch it. Nothing was changed.
public final class HostFileException extends IOException {
  private static final long serialVersionUID = 1L;

  private final FailureReason reason;

  /// @param message one sentence, the path first, without content
  public HostFileException(FailureReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// A precondition is not met.
  public static HostFileException unsafe(String message) {
    return new HostFileException(FailureReason.Unsafe, message);
  }

  /// Somebody else's claim stands against ours.
  public static HostFileException conflict(String message) {
    return new HostFileException(FailureReason.Conflict, message);
  }

  /// What may be said of a failure: what a runtime said may quote files of others.
  static String describe(IOException failure) {
    return failure instanceof HostFileException
        ? String.valueOf(failure.getMessage())
        : "asking it ended with " + failure.getClass().getSimpleName();
  }

  public FailureReason reason() {
    return reason;
  }
}
