package dev.tidewaiter.desired;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Known;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;

/// The plain fields of what is on hosts.
final class HostFields {
  private HostFields() {}

  /// A value that Git decides.
  static DesiredField plain(String text) {
    return known(new FieldValue.Plain(text));
  }

  static DesiredField known(FieldValue value) {
    return new Known(value, Origin.DECLARED);
  }

  /// What is there or not.
  static DesiredField present() {
    return plain("present");
  }
}
