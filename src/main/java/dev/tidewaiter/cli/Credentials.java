package dev.tidewaiter.cli;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.TextSource;

/// What may be shown of how a credential comes about: never a secret.
final class Credentials {
  private Credentials() {}

  /// As declarations name it.
  static String kind(CredentialSource source) {
    return switch (source) {
      case CredentialSource.Basic _ -> "basic";
      case CredentialSource.Anonymous _ -> "anonymous";
      case CredentialSource.Ecr _ -> "ecr";
      case CredentialSource.GoogleKey _ -> "googleKey";
      case CredentialSource.GoogleToken _ -> "googleToken";
    };
  }

  /// As whom, as far as the declaration itself says, each with a space before it.
  static String identity(CredentialSource source) {
    return switch (source) {
      case CredentialSource.Basic(TextSource.Inline(String username), _, _) ->
          " username=" + username;
      case CredentialSource.Basic _ -> "";
      case CredentialSource.Ecr ecr -> ecr(ecr);
      case CredentialSource.Anonymous _,
          CredentialSource.GoogleKey _,
          CredentialSource.GoogleToken _ ->
          "";
    };
  }

  private static String ecr(CredentialSource.Ecr ecr) {
    var role = ecr.role();
    return (role == null ? "" : " roleArn=" + role.arn())
        + (ecr.region() == null ? "" : " region=" + ecr.region())
        + (ecr.registryId() == null ? "" : " registryId=" + ecr.registryId());
  }
}
