package dev.tidewaiter.target.host.certsd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A private CA and a server certificate for one IP address, made by openssl.
public record Certificates(Path ca, Path certificate, Path key) {
  public static Certificates create(Path directory, String address) {
    Path ca = directory.resolve("ca.crt");
    Path caKey = directory.resolve("ca.key");
    Path certificate = directory.resolve("server.crt");
    Path key = directory.resolve("server.key");
    List<String> common =
        List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    run(common, "-nodes", "-days", "2", "-subj", "/CN=Test CA", "-keyout", caKey, "-out", ca);
    run(
        common,
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=registry",
        "-keyout",
        key,
        "-out",
        certificate,
        "-CA",
        ca,
        "-CAkey",
        caKey,
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        "subjectAltName=IP:" + address);
    return new Certificates(ca, certificate, key);
  }

  /// A client certificate `NAME.cert` with its `NAME.key`, of the CA in the same directory.
  ///
  /// @param algorithm as for `-newkey`, such as `rsa:2048`
  static void client(Path directory, String name, String algorithm) {
    var generate = new ArrayList<>(List.of("openssl", "req", "-x509", "-newkey", algorithm));
    if (algorithm.equals("ec")) {
      generate.addAll(List.of("-pkeyopt", "ec_paramgen_curve:P-256"));
    }
    run(
        generate,
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + name,
        "-keyout",
        directory.resolve(name + ".key"),
        "-out",
        directory.resolve(name + ".cert"),
        "-CA",
        directory.resolve("ca.crt"),
        "-CAkey",
        directory.resolve("ca.key"),
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        "extendedKeyUsage=clientAuth");
  }

  /// Writes a private key in the form that older tools give it, PKCS #1 or SEC 1.
  static void traditional(Path key, Path result) {
    run(List.of("openssl", "pkey", "-traditional"), "-in", key, "-out", result);
  }

  /// Writes a private key encrypted.
  static void encrypted(Path key, Path result) {
    run(List.of("openssl", "pkey", "-aes128", "-passout", "pass:x"), "-in", key, "-out", result);
  }

  private static void run(List<String> common, Object... rest) {
    var command = new ArrayList<>(common);
    for (Object argument : rest) {
      command.add(argument.toString());
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
