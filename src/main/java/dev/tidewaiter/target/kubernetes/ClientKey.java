package dev.tidewaiter.target.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds out of which kind a client's private key is. fabric8 takes every PKCS #8 key for RSA; k3s
/// and cert-manager issue elliptic curves.
final class ClientKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----([^-]*)-----END");

  private static final List<String> ALGORITHMS = List.of("RSA", "EC");

  private ClientKey() {}

  /// @return `RSA` or `EC`; null if there is no key
  /// @throws IOException if it is none of both, is encrypted, or cannot be read
  static @Nullable String algorithm(Config config) throws IOException {
    String pem = pem(config);
    if (pem == null) {
      return null;
    }
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw unusable();
    }
    return switch (block.group(1)) {
      case "EC PRIVATE KEY" -> "EC";
      case "RSA PRIVATE KEY" -> "RSA";
      case "PRIVATE KEY" -> ofPkcs8(block.group(2));
      default -> throw unusable();
    };
  }

  private static String ofPkcs8(String body) throws IOException {
    for (String algorithm : ALGORITHMS) {
      try {
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
        var _ = KeyFactory.getInstance(algorithm).generatePrivate(spec);
        return algorithm;
      } catch (GeneralSecurityException | IllegalArgumentException _) {
        // Of the other kind, perhaps.
      }
    }
    throw unusable();
  }

  private static @Nullable String pem(Config config) throws IOException {
    String data = config.getClientKeyData();
    if (data != null && !data.isBlank()) {
      return data.contains("-----") ? data : decoded(data);
    }
    String file = config.getClientKeyFile();
    if (file == null) {
      return null;
    }
    try {
      return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      throw new IOException(file + ": the client key cannot be read");
    }
  }

  private static String decoded(String data) throws IOException {
    try {
      return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException _) {
      throw unusable();
    }
  }

  private static IOException unusable() {
    return new IOException(
        "the client key is neither an RSA key nor an EC key in PEM form without a pass phrase");
  }
}
