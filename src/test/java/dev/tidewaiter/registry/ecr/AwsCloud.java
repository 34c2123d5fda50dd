package dev.tidewaiter.registry.ecr;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.registry.TokenRequest.AwsIdentity;
import dev.tidewaiter.registry.TokenRequest.AwsKeys;
import dev.tidewaiter.testbed.AwsFront;
import dev.tidewaiter.testbed.MotoServer;
import dev.tidewaiter.testbed.MotoServer.AccessKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Two accounts of AWS: one with users, another with a registry and a role that may pull from it.
final class AwsCloud implements AutoCloseable {
  static final String HOME = "123456789012";
  static final String ABROAD = "222222222222";
  static final String EXTERNAL_ID = "acme-42";

  /// What minting takes, and nothing more.
  private static final String MAY_PULL =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}]}""";

  private static final String MAY_ASSUME =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}""";

  private static final String MAY_LOOK_ELSEWHERE =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ecr:DescribeRepositories", "Resource": "*"}]}""";

  final AwsFront front;
  final AccessKey puller;
  final AccessKey broker;
  final AccessKey bystander;
  final String role;

  private final MotoServer moto;
  private final CloudHttp http;

  AwsCloud(Path directory) {
    moto = MotoServer.start(directory);
    front = AwsFront.before(moto);
    puller = moto.user(HOME, "puller", MAY_PULL);
    broker = moto.user(HOME, "broker", MAY_ASSUME);
    bystander = moto.user(HOME, "bystander", MAY_LOOK_ELSEWHERE);
    role = moto.role(ABROAD, "registry-pull", MAY_PULL);
    front.requireExternalId(role, EXTERNAL_ID);
    http = new CloudHttp(patientFor(Duration.ofSeconds(15)), System::nanoTime);
  }

  /// With another time limit than the design's.
  static CloudHttp.Route patientFor(Duration limit) {
    return new CloudHttp.Route(null, null, Duration.ofSeconds(5), limit);
  }

  /// A daemon of the name `test`, with an environment of its own.
  EcrTokens tokens(Map<String, String> environment) {
    return tokens(environment, http);
  }

  EcrTokens tokens(Map<String, String> environment, CloudHttp way) {
    return new EcrTokens("test", environment, way, System::nanoTime, endpoints());
  }

  TokenAnswer mint(TokenRequest request) {
    return tokens(Map.of()).mint(request);
  }

  private AwsEndpoints endpoints() {
    return new AwsEndpoints(front.address(), front.address(), front.address());
  }

  static TokenRequest.Ecr request(AwsIdentity as) {
    return new TokenRequest.Ecr(as, "eu-west-1", HOME, false);
  }

  static AwsIdentity as(@Nullable AccessKey key) {
    return new AwsIdentity(keys(key), null, null);
  }

  AwsIdentity inRole(AccessKey key, @Nullable String externalId) {
    return new AwsIdentity(keys(key), role, externalId);
  }

  private static @Nullable AwsKeys keys(@Nullable AccessKey key) {
    return key == null ? null : new AwsKeys(Secret.of(key.id()), Secret.of(key.secret()), null);
  }

  @Override
  public void close() {
    http.close();
    front.close();
    moto.close();
  }
}
