package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;

/// One thing that was found in a place.
public sealed interface Found {
  Origin origin();

  /// A credential for a registry.
  record Login(Origin origin, RegistryAddress address, CredentialDraft credential)
      implements Found {}

  /// How a client makes sure that it speaks to a registry.
  record Trust(Origin origin, RegistryAddress address, TlsDraft tls) implements Found {}

  /// Where clients ask before they ask the registry.
  ///
  /// @param mirror `host[:port][/path]`
  record Mirror(Origin origin, RegistryAddress address, String mirror) implements Found {}

  /// Something that cannot become a declaration.
  ///
  /// @param what it is, such as an address or a key as it was written; kept as a [Quotation]
  /// @param reason why not, as a sentence; what it quotes is a [Quotation]
  record Left(Origin origin, String what, String reason) implements Found {
    public Left {
      what = Quotation.of(what);
    }
  }
}
