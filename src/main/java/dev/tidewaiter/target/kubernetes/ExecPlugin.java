package dev.tidewaiter.target.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.target.Child;
import io.fabric8.kubernetes.api.model.ExecConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A credential plugin that a kubeconfig names, started as it stands, without a shell.
///
/// fabric8's own support is not used: it starts the plugin through a shell, and logs what it prints
/// when it fails. Here its output is parsed, or dropped.
///
/// Source: [client-go credential
/// plugins](https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
final class ExecPlugin {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// Renewed this long before it expires.
  private static final Duration MARGIN = Duration.ofSeconds(60);

  /// How long a token without an expiry is used; the plugin keeps its own cache.
  private static final Duration UNDATED = Duration.ofMinutes(5);

  /// Between two attempts after a failure, so that not every request waits for another one.
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final int LARGEST_OUTPUT = 256 * 1024;

  private final ExecConfig exec;
  private final Path kubeconfig;
  private final InstantSource clock;

  @GuardedBy("this")
  private @Nullable Issued issued;

  @GuardedBy("this")
  private @Nullable Instant askedAt;

  @GuardedBy("this")
  private @Nullable IOException failure;

  /// What the plugin gave: a token, or a certificate with its key in PEM.
  record Issued(
      @Nullable Secret token, String certificate, @Nullable Secret key, Instant renewAt) {}

  ExecPlugin(ExecConfig exec, Path kubeconfig, InstantSource clock) {
    this.exec = exec;
    this.kubeconfig = kubeconfig;
    this.clock = clock;
  }

  /// What the plugin gave last, or gives now if that is due.
  ///
  /// @throws IOException if it fails, is too slow, or prints something else, or did so a moment
  ///   ago; without its output
  synchronized Issued issued() throws IOException {
    Issued last = issued;
    if (last != null && clock.instant().isBefore(last.renewAt())) {
      return last;
    }
    if (failure != null && wasAskedJustNow()) {
      throw failure;
    }
    askedAt = clock.instant();
    try {
      Issued next = parse(run());
      issued = next;
      failure = null;
      return next;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /// Drops what it gave, because the API server refused it.
  ///
  /// @return whether it is asked again at once; not if it was asked a moment ago
  synchronized boolean forget() {
    boolean again = issued != null && !wasAskedJustNow();
    if (again) {
      issued = null;
    }
    return again;
  }

  @GuardedBy("this")
  private boolean wasAskedJustNow() {
    Instant now = clock.instant();
    return askedAt != null && !now.isBefore(askedAt) && now.isBefore(askedAt.plus(PAUSE));
  }

  private byte[] run() throws IOException {
    var builder = new ProcessBuilder(command()).redirectError(ProcessBuilder.Redirect.DISCARD);
    if (exec.getEnv() != null) {
      exec.getEnv().forEach(entry -> builder.environment().put(entry.getName(), entry.getValue()));
    }
    builder
        .environment()
        .put(
            "KUBERNETES_EXEC_INFO",
            "{\"kind\":\"ExecCredential\",\"apiVersion\":\""
                + exec.getApiVersion()
                + "\",\"spec\":{\"interactive\":false}}");
    try (Child child = start(builder)) {
      byte[] printed = child.await(LIMIT, LARGEST_OUTPUT).orElseThrow(this::tooSlow);
      if (child.status() != 0) {
        throw new IOException("the credential plugin " + exec.getCommand() + " failed");
      }
      return printed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Child start(ProcessBuilder builder) throws IOException {
    try {
      return Child.start(builder);
    } catch (IOException e) {
      throw new IOException("the credential plugin " + exec.getCommand() + " cannot be started", e);
    }
  }

  private IOException tooSlow() {
    return new IOException(
        "the credential plugin " + exec.getCommand() + " did not answer in " + LIMIT);
  }

  /// A command with a slash is relative to the kubeconfig; one without is looked up on the path.
  private List<String> command() {
    String command = exec.getCommand();
    var argv = new ArrayList<String>();
    argv.add(
        command.contains("/")
            ? kubeconfig.resolveSibling(command).normalize().toString()
            : command);
    if (exec.getArgs() != null) {
      argv.addAll(exec.getArgs());
    }
    return argv;
  }

  private Issued parse(byte[] output) throws IOException {
    JsonNode credential = Json.parse(output);
    JsonNode status = credential.path("status");
    String token = Json.string(status, "token");
    String certificate = Json.string(status, "clientCertificateData");
    String key = Json.string(status, "clientKeyData");
    boolean usable = !token.isEmpty() || (!certificate.isEmpty() && !key.isEmpty());
    if (!usable || !Json.string(credential, "apiVersion").equals(exec.getApiVersion())) {
      throw new IOException(
          "the credential plugin "
              + exec.getCommand()
              + " gave no "
              + exec.getApiVersion()
              + " credential");
    }
    return new Issued(
        token.isEmpty() ? null : Secret.of(token),
        certificate,
        key.isEmpty() ? null : Secret.of(key),
        renewAt(Json.string(status, "expirationTimestamp")));
  }

  private Instant renewAt(String expiry) {
    try {
      return expiry.isEmpty() ? clock.instant().plus(UNDATED) : Instant.parse(expiry).minus(MARGIN);
    } catch (DateTimeParseException _) {
      return clock.instant().plus(UNDATED);
    }
  }
}
