package dev.tidewaiter.config;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.EcrAddress;
import dev.tidewaiter.model.GoogleAddress;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The part `credential` of a Registry.
///
/// A cloud's token goes to that cloud's registries and to no others, whoever mints it: the address
/// has to be one of the cloud's own.
final class CredentialReader {
  private static final String OTHERWISE = ", or another form of `credential`.";

  private final @Nullable RegistryAddress address;
  private final List<Problem> problems;

  /// @param address null if it has a problem of its own
  CredentialReader(@Nullable RegistryAddress address, List<Problem> problems) {
    this.address = address;
    this.problems = problems;
  }

  CredentialSource read(Fields credential) {
    if (credential.has("anonymous")) {
      return new CredentialSource.Anonymous();
    }
    if (credential.has("ecr")) {
      checkAmazon(credential);
      return ecr(credential.in("ecr"));
    }
    if (credential.has("googleKey")) {
      checkGoogle(credential, "googleKey");
      return new CredentialSource.GoogleKey(credential.in("googleKey").reference("key"));
    }
    if (credential.has("googleToken")) {
      checkGoogle(credential, "googleToken");
      Fields token = credential.in("googleToken");
      return new CredentialSource.GoogleToken(token.has("key") ? token.reference("key") : null);
    }
    Fields basic = credential.in("basic");
    return new CredentialSource.Basic(
        basic.source("username"), basic.reference("password"), basic.textOrNull("email"));
  }

  private static CredentialSource.Ecr ecr(Fields ecr) {
    CredentialSource.AwsKeys keys =
        ecr.has("accessKeyId")
            ? new CredentialSource.AwsKeys(
                ecr.reference("accessKeyId"),
                ecr.reference("secretAccessKey"),
                ecr.has("sessionToken") ? ecr.reference("sessionToken") : null)
            : null;
    CredentialSource.AwsRole role =
        ecr.has("roleArn")
            ? new CredentialSource.AwsRole(ecr.text("roleArn"), ecr.textOrNull("externalId"))
            : null;
    return new CredentialSource.Ecr(
        keys, role, ecr.textOrNull("region"), ecr.textOrNull("registryId"));
  }

  private void checkAmazon(Fields credential) {
    if (address == null) {
      return;
    }
    if (EcrAddress.isPublic(address)) {
      checkPublic(credential.in("ecr"));
    } else if (EcrAddress.of(address).isEmpty()) {
      problems.add(
          credential.problem(
              "ecr",
              "is for registries of Amazon, and `" + address + "` is none",
              "Write an address such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com` or"
                  + " `public.ecr.aws`"
                  + OTHERWISE));
    }
  }

  private void checkPublic(Fields ecr) {
    Stream.of("region", "registryId")
        .filter(ecr::has)
        .forEach(
            name ->
                problems.add(
                    ecr.problem(
                        name,
                        "is for private registries, and `" + address + "` is not",
                        "Remove it.")));
  }

  private void checkGoogle(Fields credential, String form) {
    if (address != null && !GoogleAddress.is(address)) {
      problems.add(
          credential.problem(
              form,
              "is for registries of Google, and `" + address + "` is none",
              "Write an address such as `europe-west1-docker.pkg.dev` or `gcr.io`" + OTHERWISE));
    }
  }
}
