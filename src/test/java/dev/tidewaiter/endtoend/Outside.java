package dev.tidewaiter.endtoend;

import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.PasswordFront;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.RegistryServer.Options;
import dev.tidewaiter.testbed.ServerProcess;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/// What is outside of this machine, as far as one test knows it: clouds that mint, and real
/// registries under the names of their providers. The way there is a proxy that leads nowhere else.
///
/// Each registry has the image [#IMAGE].
final class Outside implements AutoCloseable {
  static final String IMAGE = "acme/base";
  private static final String TAG = "1";

  private final Path directory;
  private final TestCertificates authority;
  private final CloudServer clouds;
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private final ConnectProxy proxy = ConnectProxy.start(ports);
  private final Deque<Runnable> registries = new ArrayDeque<>();

  private Outside(Path directory, TestCertificates authority) {
    this.directory = directory;
    this.authority = authority;
    this.clouds = CloudServer.start(authority);
    for (String host : new String[] {CloudServer.GOOGLE, CloudServer.ECR, CloudServer.ECR_PUBLIC}) {
      ports.put(host + ":443", clouds.port());
    }
  }

  static Outside start(Path parent) {
    try {
      Path directory = Files.createDirectory(parent.resolve("outside"));
      return new Outside(directory, TestCertificates.create(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CloudServer clouds() {
    return clouds;
  }

  /// Opens a registry with one account, whose password has at most 72 bytes.
  void registry(String host, String username, String password) {
    Path own = stored(host);
    var certificate = authority.server(host);
    int port = TestBed.freePort();
    var options =
        Options.plain("127.0.0.1", port)
            .withTls(certificate.certificate(), certificate.key())
            .withPasswords(RegistryServer.account(own, username, password));
    registries.push(RegistryServer.start(own, options)::close);
    ports.put(host + ":443", port);
  }

  /// Opens a registry that knows whom a test says it knows.
  void registry(String host, BiPredicate<String, String> accounts) {
    Path own = stored(host);
    int port = TestBed.freePort();
    registries.push(RegistryServer.start(own, Options.plain("127.0.0.1", port))::close);
    URI behind = URI.create("http://127.0.0.1:" + port);
    var tls = authority.server(host).serverContext();
    var front = PasswordFront.before(behind, tls, accounts);
    registries.push(front::close);
    ports.put(host + ":443", front.port());
  }

  private Path stored(String host) {
    Path own = directory.resolve("registry-of-" + host);
    RegistryServer.store(own, IMAGE, TAG);
    return own;
  }

  /// Settings of a [Deployment] that goes this way, and trusts who is there.
  Map<String, String> settings() {
    return Map.of(
        "host",
        "proxy: {url: \"%s\", noProxy: [127.0.0.1, localhost]}".formatted(proxy.url()),
        "javaOptions",
        authority.trustOptions());
  }

  /// What a pull came to.
  record Pull(boolean succeeded, String output) {}

  /// Pulls the image with the credentials of a docker configuration, as a client of its own.
  Pull pull(String registry, String dockerConfig) {
    try {
      Path own = Files.createTempDirectory(directory, "pull");
      Path certificates = Files.createDirectory(own.resolve("certificates"));
      Files.copy(authority.ca(), certificates.resolve("ca.crt"));
      Path log = own.resolve("log");
      var builder =
          new ProcessBuilder(
              TestBed.installed("/usr/bin/skopeo").toString(),
              "--insecure-policy",
              "copy",
              "--authfile",
              Files.writeString(own.resolve("config.json"), dockerConfig).toString(),
              "--src-cert-dir",
              certificates.toString(),
              "docker://" + registry + "/" + IMAGE + ":" + TAG,
              "dir:" + own.resolve("image"));
      builder.environment().keySet().removeIf(name -> name.equalsIgnoreCase("no_proxy"));
      builder.environment().put("HTTPS_PROXY", proxy.url().toString());
      try (var skopeo = ServerProcess.start("skopeo", builder, log)) {
        boolean ended = skopeo.awaitEnd(Duration.ofSeconds(60));
        boolean pulled = Files.exists(own.resolve("image/manifest.json"));
        return new Pull(ended && pulled, Files.readString(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    registries.forEach(Runnable::run);
    clouds.close();
    proxy.close();
  }
}
