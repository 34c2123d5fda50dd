package dev.tidewaiter.cli;

import dev.tidewaiter.serve.StatusDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `status`: how it stands with a running daemon, from its HTTP address.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows how it stands with a running daemon.")
final class StatusCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /// What lacks a field is not ours, however well it reads otherwise.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  @Spec private CommandSpec spec;

  @Option(
      names = {"-a", "--address"},
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description =
          "Where the daemon listens, also as `listen` has it: HOST:PORT (default: ${DEFAULT-VALUE}).")
  private String address = "";

  @Mixin private DocumentOption output = new DocumentOption();

  @Override
  public Integer call() throws CommandFailure {
    StatusDocument status = fetch();
    PrintWriter out = spec.commandLine().getOut();
    switch (output.format()) {
      case TEXT -> Output.lines(out, lines -> StatusText.print(status, lines));
      case JSON -> Output.json(out, status);
      case YAML -> Output.yaml(out, status);
    }
    out.flush();
    return (status.ready() ? ExitCode.OK : ExitCode.INCOMPLETE).number();
  }

  private StatusDocument fetch() throws CommandFailure {
    URI daemon = daemon();
    var request = HttpRequest.newBuilder(daemon.resolve("/status")).timeout(LIMIT).GET().build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build()) {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() != 200) {
        throw unavailable(daemon, "answered " + response.statusCode());
      }
      return MAPPER.readValue(response.body(), StatusDocument.class);
    } catch (IOException e) {
      throw unavailable(daemon, "does not answer");
    } catch (JacksonException e) {
      throw unavailable(daemon, "answered something that is no status");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(daemon, "was not waited for");
    }
  }

  private URI daemon() throws CommandFailure {
    try {
      var daemon = new URI(address.contains("://") ? address : "http://" + address);
      if (SCHEMES.contains(daemon.getScheme()) && daemon.getHost() != null) {
        return daemon;
      }
    } catch (URISyntaxException _) {
      // It is told below.
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        address + ": This is no HTTP address.\n  Write http://HOST:PORT, or HOST:PORT.");
  }

  private static CommandFailure unavailable(URI daemon, String what) {
    return new CommandFailure(
        ExitCode.UNAVAILABLE,
        daemon + ": The daemon " + what + ".\n  Name its `listen` address with --address.");
  }
}
