package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// A Distribution registry with images in a directory.
public final class RegistryServer implements AutoCloseable {
  private final ServerProcess process;

  private RegistryServer(ServerProcess process) {
    this.process = process;
  }

  /// How it is reached and by whom. Start from [#plain].
  ///
  /// @param tls lines of `http.tls`, or empty for plain HTTP
  /// @param auth lines of `auth`, or empty for anybody
  public record Options(String host, int port, String tls, String auth) {
    public static Options plain(String host, int port) {
      return new Options(host, port, "", "");
    }

    public Options withTls(Path certificate, Path key) {
      String lines = "  tls:\n    certificate: %s\n    key: %s\n".formatted(certificate, key);
      return new Options(host, port, lines, auth);
    }

    /// @param authority of the certificates that clients have to show; after [#withTls]
    public Options withClientsOf(Path authority) {
      return new Options(host, port, tls + "    clientcas: [%s]\n".formatted(authority), auth);
    }

    /// @param passwords a file of bcrypt entries, as `htpasswd -B` writes it
    public Options withPasswords(Path passwords) {
      String lines = "auth:\n  htpasswd:\n    realm: test\n    path: %s\n".formatted(passwords);
      return new Options(host, port, tls, lines);
    }

    /// @param issuer of the tokens that it wants
    public Options withTokensOf(TokenIssuer issuer) {
      return new Options(host, port, tls, issuer.settings());
    }
  }

  public static RegistryServer start(Path directory, Options options) {
    String configuration =
        "version: 0.1\nlog: {level: warn}\nstorage:\n  filesystem: {rootdirectory: %s}\nhttp:\n  addr: %s:%d\n%s%s"
            .formatted(
                directory.resolve("images"),
                options.host(),
                options.port(),
                options.tls(),
                options.auth());
    Path file = directory.resolve("registry.yaml");
    try {
      Files.createDirectories(directory);
      Files.writeString(file, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var builder =
        new ProcessBuilder(TestBed.binary("registry").toString(), "serve", file.toString());
    builder.environment().put("OTEL_TRACES_EXPORTER", "none");
    var server = ServerProcess.start("registry", builder, directory.resolve("registry.log"));
    server.awaitReady(Duration.ofSeconds(20), () -> accepts(options.host(), options.port()));
    return new RegistryServer(server);
  }

  /// A file with one account, for [Options#withPasswords].
  ///
  /// @param password at most 72 bytes, all that bcrypt looks at
  public static Path account(Path directory, String username, String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 72) {
      throw new IllegalArgumentException("bcrypt would cut the password of " + username);
    }
    var salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    String entry = username + ":" + OpenBSDBCrypt.generate("2y", bytes, salt, 4) + "\n";
    Path file = directory.resolve("htpasswd");
    try {
      write(file, entry.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static boolean accepts(String host, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 500);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Puts an image of one empty layer into the directory of a registry that does not run: so that
  /// no client, credential or certificate is needed.
  public static void store(Path directory, String repository, String tag) {
    try {
      Path images = directory.resolve("images/docker/registry/v2");
      byte[] layer = Files.readAllBytes(emptyLayer(directory));
      String config =
          "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}"
              .formatted(digest(layer));
      byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
      String manifest =
          ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\","
                  + "\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"size\":%d,\"digest\":\"%s\"},"
                  + "\"layers\":[{\"mediaType\":\"application/vnd.docker.image.rootfs.diff.tar\",\"size\":%d,\"digest\":\"%s\"}]}")
              .formatted(configBytes.length, digest(configBytes), layer.length, digest(layer));
      byte[] manifestBytes = manifest.getBytes(StandardCharsets.UTF_8);
      Path links = images.resolve("repositories").resolve(repository);
      for (byte[] blob : new byte[][] {layer, configBytes, manifestBytes}) {
        String hex = digest(blob).substring(7);
        Path data = images.resolve("blobs/sha256").resolve(hex.substring(0, 2)).resolve(hex);
        write(data.resolve("data"), blob);
        link(links.resolve("_layers/sha256").resolve(hex).resolve("link"), blob);
      }
      String hex = digest(manifestBytes).substring(7);
      link(
          links.resolve("_manifests/revisions/sha256").resolve(hex).resolve("link"), manifestBytes);
      Path tags = links.resolve("_manifests/tags").resolve(tag);
      link(tags.resolve("current/link"), manifestBytes);
      link(tags.resolve("index/sha256").resolve(hex).resolve("link"), manifestBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // A tar archive without a member is two blocks of zeros.
  private static Path emptyLayer(Path directory) throws IOException {
    Path file = directory.resolve("empty.tar");
    write(file, new byte[1024]);
    return file;
  }

  private static void link(Path link, byte[] target) throws IOException {
    write(link, digest(target).getBytes(StandardCharsets.US_ASCII));
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
