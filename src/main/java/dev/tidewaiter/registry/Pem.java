package dev.tidewaiter.registry;

import dev.tidewaiter.model.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Judges PEM texts before they are written where a runtime would stumble over them. Pure.
///
/// Source: [RFC 7468](https://www.rfc-editor.org/rfc/rfc7468).
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private Pem() {}

  /// What is wrong with a text as one or more certificates, for people and without any of the text;
  /// empty if nothing is.
  public static Optional<String> mistakeInCertificates(Secret text) {
    String pem = text.reveal();
    if (pem.contains("PRIVATE KEY-----")) {
      return Optional.of("contains a private key, where only certificates belong");
    }
    Matcher block = BLOCK.matcher(pem);
    boolean any = false;
    while (block.find()) {
      if (!block.group(1).equals("CERTIFICATE") || !isCertificate(block.group())) {
        return Optional.of("contains a PEM block that is not a certificate");
      }
      any = true;
    }
    return any ? Optional.empty() : Optional.of("contains no certificate in PEM form");
  }

  /// What is wrong with a text as exactly one private key without a pass phrase; empty if nothing
  /// is.
  public static Optional<String> mistakeInPrivateKey(Secret text) {
    Matcher block = BLOCK.matcher(text.reveal());
    int keys = 0;
    while (block.find()) {
      String label = block.group(1);
      if (label.equals("ENCRYPTED PRIVATE KEY") || block.group(2).contains("ENCRYPTED")) {
        return Optional.of("is encrypted with a pass phrase, which nobody could enter");
      }
      if (label.endsWith("PRIVATE KEY")) {
        if (!isBase64(block.group(2))) {
          return Optional.of("contains a PEM block that is broken");
        }
        keys++;
      }
    }
    return keys == 1
        ? Optional.empty()
        : Optional.of(
            keys == 0 ? "contains no private key in PEM form" : "contains more than one key");
  }

  /// When the first of the certificates of a text ends; empty if there is none that can be read.
  public static Optional<Instant> earliestEnd(Secret text) {
    return BLOCK
        .matcher(text.reveal())
        .results()
        .map(block -> certificate(block.group()))
        .flatMap(Optional::stream)
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder());
  }

  private static boolean isCertificate(String block) {
    return certificate(block).isPresent();
  }

  private static Optional<X509Certificate> certificate(String block) {
    try {
      var bytes = new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII));
      return CertificateFactory.getInstance("X.509").generateCertificate(bytes)
              instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  private static boolean isBase64(String body) {
    try {
      return Base64.getMimeDecoder().decode(body.strip()).length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
