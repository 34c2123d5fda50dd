package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Defect;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/// What the log says of an exception that nobody expected.
final class DefectLog {
  private DefectLog() {}

  /// To be given keys for what ended with it, and logged.
  static LoggingEventBuilder of(Logger log, Throwable thrown) {
    return log.atError().setMessage("defect").setCause(Defect.of(thrown));
  }
}
