package dev.tidewaiter.registry.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.registry.google.GoogleStandIn.Reply;
import dev.tidewaiter.testing.Canary;
import dev.tidewaiter.testing.GoogleServiceKey;
import dev.tidewaiter.testing.RecordedLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No part of a key, an assertion or a token is in an answer's text or in a log line, whatever goes
/// wrong and whatever Google, or who stands in its place, quotes.
class GoogleCanaryTest {
  private final Canary canary = new Canary("google");
  private final String json = canary.value().replace("\\", "\\\\").replace("\"", "\\\"");
  private final GoogleServiceKey keys = GoogleServiceKey.create();
  private final StringBuilder seen = new StringBuilder();

  @Test
  void showsNoKeyAndNoToken(@TempDir Path directory) throws IOException {
    try (var logs = new RecordedLogs();
        var google = GoogleStandIn.start();
        var http = new CloudHttp(CloudHttp.Route.through(null), System::nanoTime)) {
      var server = google.at("/token");
      String key = keys.json(server).reveal();
      Path file = directory.resolve("credentials.json");
      var environment = Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString());
      var tokens = new GoogleTokens(environment, http, Set.of(server), Clock.systemUTC());
      for (Reply reply : replies()) {
        google.replies("/token", reply);
        mint(tokens, key);
      }
      for (String damaged : damaged(key)) {
        mint(tokens, damaged);
        Files.writeString(file, damaged);
        seen.append(tokens.mint(new TokenRequest.Google(null))).append('\n');
      }

      assertThat(seen).contains("Token[username=<redacted>, password=<redacted>");
      canary.assertAbsentFrom(seen.toString(), "the answers");
      canary.assertAbsentFrom(logs.text(), "the logs");
      assertThat(seen + logs.text()).doesNotContain(keys.secretPart());
      assertThat(google.seen())
          .allSatisfy(
              request ->
                  assertThat(seen + logs.text()).doesNotContain(request.parameter("assertion")));
    }
  }

  private void mint(GoogleTokens tokens, String key) {
    var request = new TokenRequest.Google(Secret.of(key));
    seen.append(request).append(request.identity()).append(tokens.mint(request)).append('\n');
  }

  private List<Reply> replies() {
    return List.of(
        Reply.token(json, 3_600),
        Reply.token(json, -1),
        Reply.error(400, "invalid_grant").with(json),
        Reply.error(400, json),
        Reply.error(503, json),
        Reply.json(200, canary.value()),
        Reply.json(200, "{\"access_token\": [\"" + json + "\"], \"expires_in\": 1}"),
        Reply.json(200, "{\"access_token\": \"" + json + "\", \"expires_in\": \"" + json + "\"}"),
        Reply.json(403, "<html>" + canary.value()));
  }

  private List<String> damaged(String key) {
    return List.of(
        key.replace("service_account", json),
        key.replace("BEGIN PRIVATE KEY-----", "BEGIN PRIVATE KEY-----" + json),
        key.replace("-----BEGIN PRIVATE KEY-----", json),
        key.replace(keys.account(), canary.value()),
        key.replace("/token\"", "/" + json + "\""),
        key.replace("googleapis.com\"", json + "\""),
        key.replace("service_account", "external_account").replace("acme", json),
        canary.value());
  }
}
