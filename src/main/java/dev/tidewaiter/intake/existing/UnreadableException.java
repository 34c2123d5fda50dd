package dev.tidewaiter.intake.existing;

/// A file that somebody named cannot be read: what is in it is not known, and nothing may be
/// written as if it were all. The message is for people and quotes none of it.
public final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message);
  }
}
