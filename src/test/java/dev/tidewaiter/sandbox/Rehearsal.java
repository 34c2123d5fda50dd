package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One `apply` of the built program in a sandbox, so that the Java runtime can record what such a
/// command loads: Git, Vault, the clouds, and a hundred pull Secrets written by TLS and HTTP/2.
///
/// `make build` starts it from its source, without Maven.
public final class Rehearsal {
  private static final int NAMESPACES = 100;
  private static final int FAILED = 70;

  /// Some seconds on a machine that does nothing else.
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private Rehearsal() {}

  /// @param arguments the directory, the launcher, and options for the Java runtime that it starts
  public static void main(String[] arguments) throws InterruptedException {
    Path given = Path.of(arguments[0]);
    Path launcher = Path.of(arguments[1]).toAbsolutePath();
    List<String> options = List.of(arguments).subList(2, arguments.length);
    try (SandboxDirectory sandbox = SandboxDirectory.open(given)) {
      System.exit(run(sandbox, launcher, options));
    } catch (IOException | RuntimeException e) {
      // Threads of the stand-ins would keep the process.
      e.printStackTrace();
      System.exit(FAILED);
    }
  }

  /// @return the exit code of the program
  private static int run(SandboxDirectory sandbox, Path launcher, List<String> options)
      throws IOException, InterruptedException {
    List<String> namespaces =
        IntStream.range(0, NAMESPACES).mapToObj("rehearsal-%03d"::formatted).toList();
    Path configuration = StandIns.start(sandbox, namespaces).configuration();
    Process process = start(sandbox, launcher, options, configuration);
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("still running after " + LIMIT);
    }
    return process.exitValue();
  }

  private static Process start(
      SandboxDirectory sandbox, Path launcher, List<String> options, Path configuration)
      throws IOException {
    // The launcher splits options at blanks, which the paths in these may hold.
    Path file = sandbox.write("options", quoted(options));
    var builder =
        new ProcessBuilder(launcher.toString(), "apply", "--config", configuration.toString())
            .inheritIO();
    builder
        .environment()
        .put("TIDEWAITER_JAVA_OPTS", "@" + Path.of("").toAbsolutePath().relativize(file));
    builder.environment().put("AWS_ACCESS_KEY_ID", "AKIASANDBOX000000000");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "sandbox");
    return builder.start();
  }

  /// What was given, and where this process trusts and writes, for the other one.
  private static String quoted(List<String> given) {
    Stream<String> own =
        Stream.of(
                "java.io.tmpdir",
                "user.home",
                "javax.net.ssl.trustStore",
                "javax.net.ssl.trustStorePassword",
                "javax.net.ssl.trustStoreType")
            .map(name -> "-D" + name + "=" + System.getProperty(name));
    return String.join("\n", Stream.concat(own, given.stream()).map(Rehearsal::quoted).toList());
  }

  private static String quoted(String option) {
    return '"' + option.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
