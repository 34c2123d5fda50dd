package dev.tidewaiter.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.registry.TokenRequest.AwsIdentity;
import dev.tidewaiter.registry.TokenRequest.AwsKeys;
import dev.tidewaiter.testbed.AwsFront.Fault;
import dev.tidewaiter.testing.Canary;
import dev.tidewaiter.testing.RecordedLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No part of a key or a token is in an answer's text or in a log line, whatever goes wrong and
/// whatever AWS quotes.
class EcrCanaryIT {
  private static final List<Fault> FAULTS =
      List.of(
          new Fault.None(),
          new Fault.Refusal("GetAuthorizationToken", 400, "ExpiredTokenException"),
          new Fault.Refusal("GetAuthorizationToken", 400, "ThrottlingException"),
          new Fault.Refusal("GetAuthorizationToken", 500, "ServerException"),
          new Fault.Refusal("AssumeRole", 403, "AccessDenied"),
          new Fault.Endless("GetAuthorizationToken"),
          new Fault.Silence("GetAuthorizationToken"));

  @Test
  void showsNoKeyAndNoToken(@TempDir Path directory) {
    Canary key = new Canary("key");
    Canary reply = new Canary("reply");
    try (var logs = new RecordedLogs();
        var aws = new AwsCloud(directory);
        var http = new CloudHttp(AwsCloud.patientFor(Duration.ofSeconds(1)), System::nanoTime)) {
      EcrTokens tokens = aws.tokens(Map.of(), http);
      var seen = new StringBuilder();
      for (Fault fault : FAULTS) {
        aws.front.become(fault);
        seen.append(tokens.mint(request(key, aws.role))).append('\n');
        seen.append(tokens.mint(request(key, null))).append('\n');
        seen.append(tokens.mint(AwsCloud.request(AwsCloud.as(aws.puller)))).append('\n');
      }
      for (String body : bodies(reply)) {
        aws.front.become(new Fault.Answer("GetAuthorizationToken", 200, "", body));
        seen.append(tokens.mint(AwsCloud.request(AwsCloud.as(aws.puller)))).append('\n');
        aws.front.become(new Fault.Answer("GetAuthorizationToken", 403, "", body));
        seen.append(tokens.mint(AwsCloud.request(AwsCloud.as(aws.puller)))).append('\n');
      }

      assertThat(aws.front.requests())
          .as("the key was really sent")
          .anySatisfy(sent -> assertThat(key.isIn(sent.head())).isTrue());
      assertThat(seen).contains("Token[username=<redacted>, password=<redacted>");
      for (Canary canary : List.of(key, reply)) {
        canary.assertAbsentFrom(seen.toString(), "the answers");
        canary.assertAbsentFrom(logs.text(), "the logs");
      }
      assertThat(seen + logs.text())
          .doesNotContain(aws.puller.secret())
          .doesNotContain("auth-token");
    }
  }

  private static List<String> bodies(Canary canary) {
    String json = canary.value().replace("\\", "\\\\").replace("\"", "\\\"");
    return List.of(
        canary.value(),
        "{\"__type\":\"" + json + "\",\"message\":\"" + json + "\"}",
        "{\"authorizationData\":[{\"authorizationToken\":\"" + json + "\",\"expiresAt\":4e9}]}",
        "{\"authorizationData\":[{\"authorizationToken\":\"QVdT\",\"expiresAt\":\""
            + json
            + "\"}]}",
        "{\"authorizationData\":\"" + json + "\"}",
        "{\"authorizationData\":[]}");
  }

  private static TokenRequest request(Canary key, @Nullable String role) {
    var keys = new AwsKeys(Secret.of(key.value()), Secret.of(key.value()), Secret.of(key.value()));
    return AwsCloud.request(new AwsIdentity(keys, role, null));
  }
}
