package dev.tidewaiter.model;

/// The value of one field of a resource, in a form that may be shown.
public sealed interface FieldValue {
  /// A value that is no secret.
  record Plain(String text) implements FieldValue {
    @Override
    public String toString() {
      return text;
    }
  }

  /// A secret value, of which only its seal is known here.
  record Sealed(Seal seal) implements FieldValue {
    @Override
    public String toString() {
      return "<sealed>";
    }
  }
}
