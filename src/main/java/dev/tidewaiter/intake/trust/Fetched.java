package dev.tidewaiter.intake.trust;

import java.security.cert.X509Certificate;
import java.util.List;

/// What came of asking a server for its certificates.
public sealed interface Fetched {
  /// It presented some.
  ///
  /// @param chain in the order in which they came; at least one
  /// @param proven whether the handshake was completed, and the server hence has the private key of
  ///   the first
  record Presented(List<X509Certificate> chain, boolean proven) implements Fetched {
    public Presented {
      chain = List.copyOf(chain);
    }
  }

  /// It presented none.
  ///
  /// @param reason a predicate to go after the server's name
  /// @param hint what to do, as a sentence
  record Without(String reason, String hint) implements Fetched {}
}
