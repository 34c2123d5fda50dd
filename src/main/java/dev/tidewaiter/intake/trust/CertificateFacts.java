package dev.tidewaiter.intake.trust;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;

/// What a certificate says, in words that may be shown: whoever made it chose them, so characters
/// that a terminal would obey are replaced.
///
/// @param names host names and IP addresses that it is for
/// @param sha256 fingerprint of the whole certificate, as openssl prints it
/// @param key kind and size in bits
/// @param authority whether it may sign others
/// @param selfSigned whether it is signed with its own key
/// @param pem with a line break at its end
public record CertificateFacts(
    String subject,
    String issuer,
    List<String> names,
    Instant notBefore,
    Instant notAfter,
    String sha256,
    String key,
    boolean authority,
    boolean selfSigned,
    String pem) {
  // RFC 5280, 4.2.1.6: the numbers of the forms of a name.
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  public CertificateFacts {
    names = List.copyOf(names);
  }

  static CertificateFacts of(X509Certificate certificate) {
    return new CertificateFacts(
        name(certificate.getSubjectX500Principal()),
        name(certificate.getIssuerX500Principal()),
        namesOf(certificate),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant(),
        fingerprint(certificate),
        key(certificate.getPublicKey()),
        certificate.getBasicConstraints() >= 0,
        signs(certificate, certificate),
        pem(certificate));
  }

  /// Whether one certificate was issued by another: by name, and by the signature.
  static boolean signs(X509Certificate issuer, X509Certificate certificate) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static List<String> namesOf(X509Certificate certificate) {
    var names = new ArrayList<String>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (Objects.equals(alternative.getFirst(), DNS_NAME)
              || Objects.equals(alternative.getFirst(), IP_ADDRESS)) {
            names.add(printable(String.valueOf(alternative.get(1))));
          }
        }
      }
    } catch (CertificateParsingException _) {
      // Without names that can be read it is for no host.
    }
    return names;
  }

  private static String name(X500Principal principal) {
    return printable(principal.getName());
  }

  static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e\\p{IsAlphabetic}]", "?");
  }

  private static String key(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
      case ECPublicKey ec -> "EC " + ec.getParams().getCurve().getField().getFieldSize();
      case EdECPublicKey edwards -> edwards.getParams().getName();
      default -> key.getAlgorithm();
    };
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has bytes", e);
    }
  }

  private static String pem(X509Certificate certificate) {
    try {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has bytes", e);
    }
  }

  /// Whether the names include a host, as [RFC 9525](https://www.rfc-editor.org/rfc/rfc9525) wants
  /// it: a `*` stands for the whole first label, and the common name does not count.
  boolean isFor(String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    String parent = dot < 0 ? "" : wanted.substring(dot);
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(
            name ->
                name.equals(wanted)
                    || (name.startsWith("*.")
                        && !parent.isEmpty()
                        && name.substring(1).equals(parent)));
  }
}
