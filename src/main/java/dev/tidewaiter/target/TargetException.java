package dev.tidewaiter.target;

import org.jspecify.annotations.Nullable;

/// A target could not be observed. What there is, is not known: nothing may be planned for it.
public final class TargetException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean denied;

  /// @param message one sentence: what was tried on what, and what was answered; no response body
  /// @param denied whether the target answered that we may not look, rather than not at all
  public TargetException(String message, boolean denied, @Nullable Throwable cause) {
    super(message, cause);
    this.denied = denied;
  }

  public boolean denied() {
    return denied;
  }
}
