package dev.tidewaiter.cli;

/// A broken contract of ours, in words that may be shown.
///
/// The message of an exception is shown only if our own code threw it: a library's may quote what
/// it was reading, and that may be a secret.
final class Bug {
  private static final String OURS = "dev.tidewaiter.";

  private Bug() {}

  static String describe(Throwable thrown) {
    StackTraceElement[] frames = thrown.getStackTrace();
    boolean ours = frames.length > 0 && frames[0].getClassName().startsWith(OURS);
    var text = new StringBuilder(thrown.getClass().getName());
    if (ours) {
      text.append(": ").append(thrown.getMessage());
    }
    for (StackTraceElement frame : frames) {
      text.append("\n  at ").append(frame);
    }
    return text.toString();
  }
}
