package dev.tidewaiter.intake.trust;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What there is to say about a chain of certificates that a server presented.
///
/// @param certificates in the order in which they came
/// @param ordered whether that is the order from the server's own to the one that signs it, as [RFC
///   8446, 4.4.2](https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2) wants it
/// @param top the last of those that sign each other, from the server's own on
/// @param matches whether the names of the server's own include the host that was asked
/// @param accepted whether the system's trust store trusts it for this host
/// @param store which trust store that is
/// @param proven whether the server has shown that it has the private key
public record ChainReport(
    Endpoint endpoint,
    List<CertificateFacts> certificates,
    Completeness completeness,
    boolean ordered,
    CertificateFacts top,
    boolean matches,
    boolean accepted,
    String store,
    boolean proven) {

  /// How far the chain leads.
  public enum Completeness {
    /// The server's own certificate signs itself: there is no authority.
    SELF_SIGNED,
    /// To an authority that signs itself.
    COMPLETE,
    /// The authority at its end was not sent, as most servers do not.
    WITHOUT_ROOT
  }

  public ChainReport {
    certificates = List.copyOf(certificates);
  }

  public static ChainReport of(Endpoint endpoint, Fetched.Presented presented, SystemTrust trust) {
    List<X509Certificate> chain = presented.chain();
    List<X509Certificate> path = path(chain);
    CertificateFacts own = CertificateFacts.of(chain.getFirst());
    CertificateFacts top = CertificateFacts.of(path.getLast());
    boolean matches = own.isFor(endpoint.host());
    return new ChainReport(
        endpoint,
        chain.stream().map(CertificateFacts::of).toList(),
        completeness(path.size(), top),
        path.equals(chain),
        top,
        matches,
        matches && trust.accepts(path),
        trust.place(),
        presented.proven());
  }

  /// From the server's own on, each with the one that signs it.
  private static List<X509Certificate> path(List<X509Certificate> chain) {
    var rest = new ArrayList<>(chain.subList(1, chain.size()));
    var path = new ArrayList<>(List.of(chain.getFirst()));
    while (!CertificateFacts.signs(path.getLast(), path.getLast())) {
      Optional<X509Certificate> issuer =
          rest.stream().filter(other -> CertificateFacts.signs(other, path.getLast())).findFirst();
      if (issuer.isEmpty()) {
        break;
      }
      path.add(issuer.get());
      rest.remove(issuer.get());
    }
    return path;
  }

  private static Completeness completeness(int length, CertificateFacts top) {
    if (!top.selfSigned()) {
      return Completeness.WITHOUT_ROOT;
    }
    return length == 1 ? Completeness.SELF_SIGNED : Completeness.COMPLETE;
  }

  /// The part of a Registry's `spec` that makes hosts trust the top-most certificate.
  ///
  /// @return lines that begin with a comment that names the certificate
  public String declaration() {
    return """
    # %s
    # SHA-256 %s
    # Fetched from %s and verified by nobody: compare the fingerprint before you commit this.
    tls:
      ca: |
    %s"""
        .formatted(
            top.subject(), top.sha256(), endpoint, top.pem().replaceAll("(?m)^(?=.)", "    "));
  }
}
