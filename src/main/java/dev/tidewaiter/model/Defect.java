package dev.tidewaiter.model;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An exception that nobody expected, in words that may be shown and logged: classes and frames.
///
/// The message is kept only if our own code threw the exception: a library's may quote what it was
/// reading, and that may be a secret. The same holds for its causes; what it suppressed is left
/// out.
public final class Defect extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String OURS = "dev.tidewaiter.";

  private Defect(String message, @Nullable Throwable cause, StackTraceElement[] frames) {
    super(message, cause, false, true);
    setStackTrace(frames);
  }

  /// Never `thrown` itself, and without a reference to it.
  public static Defect of(Throwable thrown) {
    return of(thrown, new HashSet<>());
  }

  // Exceptions compare by identity; a chain of causes may lead back to its beginning.
  private static Defect of(Throwable thrown, Set<Throwable> seen) {
    seen.add(thrown);
    Throwable cause = thrown.getCause();
    StackTraceElement[] frames = thrown.getStackTrace();
    String type = thrown.getClass().getName();
    return new Defect(
        isOurs(frames, thrown) ? type + ": " + thrown.getMessage() : type,
        cause == null || seen.contains(cause) ? null : of(cause, seen),
        frames);
  }

  // An exception that is made of its cause alone repeats the message of that.
  private static boolean isOurs(StackTraceElement[] frames, Throwable thrown) {
    Throwable cause = thrown.getCause();
    String message = thrown.getMessage();
    return message != null
        && frames.length > 0
        && frames[0].getClassName().startsWith(OURS)
        && (cause == null || !message.equals(cause.toString()));
  }
}
