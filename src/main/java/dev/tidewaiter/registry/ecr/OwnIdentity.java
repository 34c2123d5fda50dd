package dev.tidewaiter.registry.ecr;

import dev.tidewaiter.model.PlainCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;

/// Who the daemon is for AWS, found where the SDK looks for it, in its order:
///
/// 1. the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`
/// 2. a web identity (IRSA): `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`
/// 3. the container's endpoint (pod identity, ECS): `AWS_CONTAINER_CREDENTIALS_FULL_URI` or
///    `…_RELATIVE_URI`
/// 4. the instance profile
///
/// Deviation from the SDK: no profile files, which are a person's, and no system properties. Where
/// one of these is configured and fails, the next is not tried: it would be somebody else. Nothing
/// is kept for the next time.
///
/// Source: [default credentials provider
/// chain](https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html).
final class OwnIdentity {
  private final Map<String, String> environment;
  private final String session;

  /// @param session name of a session in a role, where the environment gives none
  OwnIdentity(Map<String, String> environment, String session) {
    this.environment = environment;
    this.session = session;
  }

  Attempt<AwsCredentials> find(AwsCall call, Region region) {
    String id = environment.get("AWS_ACCESS_KEY_ID");
    String key = environment.get("AWS_SECRET_ACCESS_KEY");
    if (id != null && key != null) {
      return new Attempt.Done<>(keys(id, key, environment.get("AWS_SESSION_TOKEN")));
    }
    String bearer = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE");
    String role = environment.get("AWS_ROLE_ARN");
    if (bearer != null && role != null) {
      return withWebIdentity(call, Path.of(bearer), role, region);
    }
    return environment.containsKey("AWS_CONTAINER_CREDENTIALS_FULL_URI")
            || environment.containsKey("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        ? ofContainer(call)
        : ofInstance(call);
  }

  static AwsCredentials keys(String id, String key, @Nullable String session) {
    return session == null
        ? AwsBasicCredentials.create(id, key)
        : AwsSessionCredentials.create(id, key, session);
  }

  private Attempt<AwsCredentials> withWebIdentity(
      AwsCall call, Path bearer, String role, Region region) {
    try {
      String named = environment.getOrDefault("AWS_ROLE_SESSION_NAME", session);
      return call.assumeWithWebIdentity(
          new AwsCall.Role(role, named, null), Files.readString(bearer).strip(), near(region));
    } catch (IOException e) {
      return new Attempt.Failed<>(
          call.failures()
              .unavailable(
                  "the file of AWS_WEB_IDENTITY_TOKEN_FILE cannot be read (%s)."
                      .formatted(PlainCause.of(e))));
    }
  }

  /// The region that the daemon runs in, whose endpoint of STS it can surely reach.
  private Region near(Region otherwise) {
    String own = environment.getOrDefault("AWS_REGION", environment.get("AWS_DEFAULT_REGION"));
    return own == null ? otherwise : Region.of(own);
  }

  private static Attempt<AwsCredentials> ofContainer(AwsCall call) {
    try (var provider = ContainerCredentialsProvider.create()) {
      return ask(call, "the container's endpoint", provider);
    }
  }

  private static Attempt<AwsCredentials> ofInstance(AwsCall call) {
    var builder =
        InstanceProfileCredentialsProvider.builder().profileFile(() -> AwsCall.NO_PROFILES);
    try (var provider = builder.build()) {
      return ask(call, "the instance's metadata", provider);
    }
  }

  // The SDK connects to these two itself, directly, with limits of a second.
  private static Attempt<AwsCredentials> ask(
      AwsCall call, String where, AwsCredentialsProvider provider) {
    try {
      return new Attempt.Done<>(provider.resolveCredentials());
    } catch (SdkException e) {
      return new Attempt.Failed<>(
          call.failures()
              .unavailable("the daemon has no identity of its own here: none from " + where + "."));
    }
  }
}
