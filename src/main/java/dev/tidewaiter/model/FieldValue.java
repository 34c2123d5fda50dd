package dev.tidewaiter.model;

/// The value of one field of a resource, in a form that may be shown.
public sealed interface FieldValue {
  /// Whether what a target reported is as good as this, so that nothing need be written.
  boolean isSatisfiedBy(FieldValue observed);

  /// A value that is no secret.
  record Plain(String text) implements FieldValue {
    @Override
    public boolean isSatisfiedBy(FieldValue observed) {
      return equals(observed);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// A secret value, of which only its seal is known here.
  record Sealed(Seal seal) implements FieldValue {
    @Override
    public boolean isSatisfiedBy(FieldValue observed) {
      return switch (observed) {
        case Plain _ -> false;
        case Sealed(Seal other) -> seal.equals(other);
        case Minted(Seal other, _) -> seal.equals(other);
      };
    }

    @Override
    public String toString() {
      return "<sealed>";
    }
  }

  /// A secret value that somebody minted for a limited time. A target reports one only where what
  /// it recorded about the value belongs to the value that is there.
  record Minted(Seal seal, Issuance issuance) implements FieldValue {
    /// Another value is as good if it was minted for the same identity, does not end markedly
    /// earlier ([Issuance#asGoodFrom]), and not later than any can ([Issuance#credibleUntil]).
    @Override
    public boolean isSatisfiedBy(FieldValue observed) {
      return switch (observed) {
        case Plain _ -> false;
        case Sealed(Seal other) -> seal.equals(other);
        case Minted(Seal other, Issuance issued) ->
            seal.equals(other)
                || (issuance.identity().equals(issued.identity())
                    && !issued.expiresAt().isBefore(issuance.asGoodFrom())
                    && !issued.expiresAt().isAfter(issuance.credibleUntil()));
      };
    }

    @Override
    public String toString() {
      return "<sealed>, until " + issuance.expiresAt();
    }
  }
}
