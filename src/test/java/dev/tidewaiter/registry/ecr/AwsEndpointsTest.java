package dev.tidewaiter.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.registry.TokenRequest.AwsIdentity;
import dev.tidewaiter.registry.TokenRequest.AwsKeys;
import dev.tidewaiter.testbed.ConnectProxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which hosts are asked, seen by a proxy that lets nothing through.
class AwsEndpointsTest {
  private static final AwsKeys KEYS = new AwsKeys(Secret.of("AKIAA"), Secret.of("key"), null);

  private final ConnectProxy proxy = ConnectProxy.start();
  private final CloudHttp http =
      new CloudHttp(
          CloudHttp.Route.through(proxy.exempting(".internal.example")), System::nanoTime);
  private final EcrTokens tokens = new EcrTokens("test", Map.of(), http, System::nanoTime);

  @AfterEach
  void close() {
    http.close();
    proxy.close();
  }

  @Test
  void asksTheRegionOfTheRegistry() {
    mint(new TokenRequest.Ecr(as(null), "eu-west-1", "123456789012", false));

    assertThat(proxy.targets()).containsExactly("api.ecr.eu-west-1.amazonaws.com:443");
  }

  @Test
  void asksTheEndpointOfValidatedCryptography() {
    mint(new TokenRequest.Ecr(as(null), "us-east-1", "123456789012", true));

    assertThat(proxy.targets()).containsExactly("api.ecr-fips.us-east-1.amazonaws.com:443");
  }

  @Test
  void asksThePartitionOfChina() {
    mint(new TokenRequest.Ecr(as(null), "cn-north-1", "123456789012", false));
    mint(
        new TokenRequest.Ecr(
            as("arn:aws-cn:iam::123456789012:role/pull"), "cn-north-1", "123456789012", false));

    assertThat(proxy.targets())
        .containsExactly(
            "api.ecr.cn-north-1.amazonaws.com.cn:443", "sts.cn-north-1.amazonaws.com.cn:443");
  }

  @Test
  void assumesRolesInTheRegionOfTheRegistry() {
    mint(
        new TokenRequest.Ecr(
            as("arn:aws:iam::123456789012:role/pull"), "eu-west-1", "123456789012", false));

    assertThat(proxy.targets()).containsExactly("sts.eu-west-1.amazonaws.com:443");
  }

  @Test
  void asksForEcrPublicInVirginia() {
    mint(new TokenRequest.EcrPublic(as(null)));

    assertThat(proxy.targets()).containsExactly("api.ecr-public.us-east-1.amazonaws.com:443");
  }

  /// As a user of AWS would set `AWS_ENDPOINT_URL_ECR`, which the SDK reads like this property.
  @Test
  void asksWhereTheEnvironmentSays() {
    System.setProperty("aws.endpointUrlEcr", "https://ecr.example:4443");
    try {
      mint(new TokenRequest.Ecr(as(null), "eu-west-1", "123456789012", false));
    } finally {
      System.clearProperty("aws.endpointUrlEcr");
    }

    assertThat(proxy.targets()).containsExactly("ecr.example:4443");
  }

  @Test
  void asksDirectlyWhereNoProxyIsWanted() {
    System.setProperty("aws.endpointUrlEcr", "https://ecr.internal.example:4443");
    try {
      mint(new TokenRequest.Ecr(as(null), "eu-west-1", "123456789012", false));
    } finally {
      System.clearProperty("aws.endpointUrlEcr");
    }

    assertThat(proxy.targets()).isEmpty();
  }

  private void mint(TokenRequest request) {
    assertThat(tokens.mint(request))
        .isInstanceOfSatisfying(
            TokenAnswer.Unavailable.class,
            answer -> assertThat(answer.reason()).contains("AWS gives no usable answer to"));
  }

  private static AwsIdentity as(@Nullable String role) {
    return new AwsIdentity(KEYS, role, null);
  }
}
