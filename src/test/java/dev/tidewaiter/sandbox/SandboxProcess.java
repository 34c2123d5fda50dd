package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// The sandbox as `make run` starts it, in a copy of what it needs of a checkout, for a user whose
/// home and temporary directory are empty.
final class SandboxProcess implements AutoCloseable {
  private static final List<String> OF_A_CHECKOUT = List.of("sample-config", "schema");

  private final Path checkout;
  private final Path output;
  private final Process process;

  private SandboxProcess(Path checkout, Path output, Process process) {
    this.checkout = checkout;
    this.output = output;
    this.process = process;
  }

  /// @param world where everything is that the process could want to change: the checkout, the
  ///   home, the temporary directory
  static SandboxProcess start(Path world) throws IOException {
    Path checkout = Files.createDirectories(world.resolve("checkout"));
    for (String directory : OF_A_CHECKOUT) {
      copy(Path.of(directory), checkout.resolve(directory));
    }
    Path output =
        Files.createTempFile(Files.createDirectories(world.resolve("log")), "sandbox", "");
    var builder =
        new ProcessBuilder(
                // A test run that was started in the background inherited that SIGINT is ignored.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xmx200m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + Files.createDirectories(world.resolve("tmp")),
                "-Duser.home=" + Files.createDirectories(world.resolve("home")),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidewaiter.sandbox.Sandbox")
            .directory(checkout.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME",
                world.resolve("home").toString(),
                // As the Makefile has it.
                "AWS_ACCESS_KEY_ID",
                "AKIASANDBOX000000000",
                "AWS_SECRET_ACCESS_KEY",
                "sandbox"));
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new SandboxProcess(checkout, output, process);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else if (Files.notExists(copy)) {
          Files.copy(file, copy);
        }
      }
    }
  }

  /// What it printed so far, on both outputs.
  String output() {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file(String name) {
    return checkout.resolve("target/sandbox").resolve(name);
  }

  long pid() {
    return process.pid();
  }

  /// Runs the commands that it printed and that begin with these words, as a person would who
  /// pastes them.
  String runPrinted(String... beginnings) throws IOException, InterruptedException {
    var printed = new StringBuilder();
    for (String beginning : beginnings) {
      Matcher command =
          Pattern.compile("^ +(" + Pattern.quote(beginning) + ".*)$", Pattern.MULTILINE)
              .matcher(output());
      if (!command.find()) {
        throw new AssertionError("printed no command " + beginning + "\n" + output());
      }
      printed.append(run(command.group(1)));
    }
    return printed.toString();
  }

  private String run(String command) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", command)
            .directory(checkout.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (shell.waitFor() != 0) {
      throw new AssertionError(command + ": " + said);
    }
    return said;
  }

  /// An object of the cluster; missing if there is none.
  JsonNode object(String path) throws IOException, InterruptedException {
    return get(found("kubeconfig", "server: \"([^\"]+)\"") + "/api/v1/" + path);
  }

  /// What the daemon says of itself.
  JsonNode status() throws IOException, InterruptedException {
    return get("http://" + found("tidewaiter.yaml", "listen: \"([^\"]+)\"") + "/status");
  }

  private String found(String file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file(file)));
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in " + file);
    }
    return matcher.group(1);
  }

  private JsonNode get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          ? JsonMapper.shared().readTree(response.body())
          : MissingNode.getInstance();
    }
  }

  /// Takes the certificate of the sandbox's cluster alone.
  private SSLContext trusting() throws IOException {
    try (var pem = Files.newInputStream(file("cluster.pem"))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "cluster", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS", e);
    }
  }

  /// Ends it as Ctrl-C does.
  ///
  /// @return its exit code
  int interrupt(Duration limit) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + limit + "\n" + output());
    }
    return process.exitValue();
  }

  /// Ends it as a power cut does.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
