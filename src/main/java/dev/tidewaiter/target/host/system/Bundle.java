package dev.tidewaiter.target.host.system;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The certificates of a file in PEM, each told by its encoding alone.
final class Bundle {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*)-----END CERTIFICATE-----");
  private static final Pattern WHITE = Pattern.compile("\\s+");

  /// Far above any: that of Debian is 0.2 MiB.
  private static final int MAX_BYTES = 16 << 20;

  private Bundle() {}

  /// Whether a host's bundle has every certificate of a file.
  ///
  /// @param bundle made by a program of the system, so links on the way to it are followed
  static boolean contains(Path bundle, FileContent file) throws IOException {
    try (InputStream stream = Files.newInputStream(bundle)) {
      return encodings(text(stream.readNBytes(MAX_BYTES))).containsAll(encodings(text(file)));
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  /// @throws HostFileException of reason `Rejected` if it is not certificates alone: whatever is in
  ///   the file is added to a bundle that everybody may read and every program parses
  static void requireCertificates(HostPath path, FileContent content) throws HostFileException {
    String text = text(content);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      int count = factory.generateCertificates(new ByteArrayInputStream(content.bytes())).size();
      boolean pure = !BLOCK.matcher(text).replaceAll("").contains("-----");
      if (count > 0 && count == encodings(text).size() && pure) {
        return;
      }
    } catch (CertificateException _) {
      // Told below.
    }
    throw new HostFileException(
        FailureReason.Rejected, path + ": it is not certificates in PEM and nothing else.");
  }

  private static Set<String> encodings(String text) {
    var encodings = new HashSet<String>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      encodings.add(WHITE.matcher(block.group(1)).replaceAll(""));
    }
    return encodings;
  }

  private static String text(FileContent content) {
    return text(content.bytes());
  }

  // Comments beside the blocks may be in any encoding.
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
