package dev.tidewaiter.intake.trust;

import java.io.IOException;

/// There is no connection to a server, and it is known why.
final class UnreachedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Fetched.Without why;

  UnreachedException(Fetched.Without why) {
    super(why.reason());
    this.why = why;
  }

  Fetched.Without why() {
    return why;
  }
}
