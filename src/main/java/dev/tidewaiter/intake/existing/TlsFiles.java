package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.Pem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the certificates and keys that a runtime's files name.
///
/// @param directory where relative paths begin; null for the working directory
record TlsFiles(@Nullable Path directory) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----[^-]+-----END \\1-----");

  /// @param path empty for none
  /// @throws UnreadableException if there is one, and it cannot be read or holds no certificate
  TlsDraft authority(String path) throws UnreadableException {
    return path.isEmpty() ? TlsDraft.NONE : TlsDraft.ofCa(certificates(path));
  }

  /// @param cert a file of certificates, and of the key if `key` is empty; empty for none
  /// @throws UnreadableException if there is one, and one of the two cannot be read or is not what
  ///   it should be
  TlsDraft client(String cert, String key) throws UnreadableException {
    if (cert.isEmpty()) {
      return TlsDraft.NONE;
    }
    Path file = resolve(key.isEmpty() ? cert : key);
    Secret text = Secret.of(text(file));
    Optional<String> mistake = Pem.mistakeInPrivateKey(text);
    if (mistake.isPresent()) {
      throw new UnreadableException(file + ": The client's key " + mistake.get() + ".");
    }
    return new TlsDraft("", new TlsDraft.Client(certificates(cert), keyIn(text)), false);
  }

  private String certificates(String path) throws UnreadableException {
    Path file = resolve(path);
    String certificates = TlsDraft.certificatesIn(text(file));
    Optional<String> mistake = Pem.mistakeInCertificates(Secret.of(certificates));
    if (mistake.isPresent()) {
      throw new UnreadableException(file + ": The file " + mistake.get() + ".");
    }
    return certificates;
  }

  // Without the certificates that may stand beside it.
  private static Secret keyIn(Secret text) {
    Matcher key = KEY.matcher(text.reveal());
    if (!key.find()) {
      throw new IllegalStateException("it was found to hold one key");
    }
    return Secret.of(key.group() + "\n");
  }

  private static String text(Path file) throws UnreadableException {
    return new String(Reading.bytes(file), StandardCharsets.US_ASCII);
  }

  private Path resolve(String path) {
    return directory == null ? Path.of(path) : directory.resolve(path);
  }
}
