package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.Secret;
import java.util.LinkedHashSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a declaration is to say of a registry's TLS.
///
/// @param ca PEM certificates; empty for none
/// @param client null for none
record TlsDraft(String ca, @Nullable Client client, boolean insecure) {
  static final TlsDraft NONE = new TlsDraft("", null, false);

  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

  /// @param certificates PEM
  record Client(String certificates, Secret key) {}

  static TlsDraft ofCa(String pem) {
    return new TlsDraft(pem, null, false);
  }

  /// The certificates of a text, each once, and nothing else of it: what stands between them in a
  /// bundle is for people, and a key beside them must not come along.
  ///
  /// @return empty if there is none
  static String certificatesIn(String text) {
    return CERTIFICATE
        .matcher(text.replace("\r", ""))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(LinkedHashSet::new))
        .stream()
        .map(block -> block + "\n")
        .collect(Collectors.joining());
  }

  /// Both: of two client certificates the first.
  TlsDraft and(TlsDraft other) {
    return new TlsDraft(
        certificatesIn(ca + other.ca),
        client == null ? other.client : client,
        insecure || other.insecure);
  }

  boolean isEmpty() {
    return ca.isEmpty() && client == null && !insecure;
  }
}
