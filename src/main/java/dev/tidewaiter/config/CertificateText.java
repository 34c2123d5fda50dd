package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Certificates as PEM, spelled out in a declaration.
///
/// Only the envelope is looked at ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)): loading the
/// JDK's certificate parser would cost every start of the command line.
final class CertificateText {
  // ASN.1: every certificate is a SEQUENCE.
  private static final int SEQUENCE = 0x30;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*)-----END CERTIFICATE-----");

  private static final String HINT =
      "Write certificates alone, from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`; a"
          + " private key is never in Git.";

  private CertificateText() {}

  /// What is wrong with the certificates that a document spells out in a place; empty if nothing
  /// is, or it spells out none there.
  static Optional<Problem> problem(Document document, String pointer) {
    JsonNode text = document.root().at(pointer);
    return text.isString()
        ? mistakeIn(text.asString())
            .map(
                mistake ->
                    new Problem(
                        document.placeOf(pointer),
                        "`" + Pointers.path(pointer) + "` " + mistake + ".",
                        HINT))
        : Optional.empty();
  }

  /// What is wrong with a text as certificates, as the end of a sentence; empty if nothing is.
  static Optional<String> mistakeIn(String text) {
    if (text.contains("PRIVATE KEY-----")) {
      return Optional.of("contains a private key");
    }
    Matcher block = BLOCK.matcher(text);
    int blocks = 0;
    while (block.find()) {
      blocks++;
      if (!isSequence(block.group(1))) {
        return Optional.of("contains a certificate that cannot be read");
      }
    }
    return blocks == 0 ? Optional.of("contains no certificate") : Optional.empty();
  }

  private static boolean isSequence(String base64) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(base64);
      return bytes.length > 2 && (bytes[0] & 0xff) == SEQUENCE;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
