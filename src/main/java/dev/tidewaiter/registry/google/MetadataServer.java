package dev.tidewaiter.registry.google;

import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// What tells a machine of Google, or a pod of GKE, who it is. Asked without the library, which
/// knows no other address for it than the process's environment.
///
/// Source: [access tokens from the metadata
/// server](https://cloud.google.com/compute/docs/access/authenticate-workloads).
final class MetadataServer {
  private static final String PATH =
      "/computeMetadata/v1/instance/service-accounts/default/token?scopes=";

  private final String host;

  /// @param host with a port where it is not 80
  MetadataServer(String host) {
    this.host = host;
  }

  TokenAnswer mint(CloudHttp.Visit visit, GoogleFailures failures) {
    GoogleReply reply;
    try {
      String scope = URLEncoder.encode(GoogleTokens.SCOPE, StandardCharsets.US_ASCII);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + host + PATH + scope))
              .header("Metadata-Flavor", "Google")
              .build();
      reply = new GoogleReply(visit.sendDirectly(request));
    } catch (IOException | IllegalArgumentException e) {
      return failures.unavailable(
          "the daemon has no identity of its own here: no metadata server.");
    }
    JsonNode json = reply.json();
    return reply.getStatusCode() == 200
        ? GoogleTokens.token(
            json.path("access_token").asString(""),
            Duration.ofSeconds(json.path("expires_in").asLong(0)),
            failures)
        : failures.unavailable(
            "the metadata server answers "
                + reply.getStatusCode()
                + ": the machine or the pod has no service account, or not this scope.");
  }
}
