package dev.tidewaiter.registry;

import dev.tidewaiter.model.Secret;
import org.jspecify.annotations.Nullable;

/// What a cloud is asked to mint: everything that makes two tokens differ, and nothing else.
///
/// However many registries, environments and namespaces need the same request, it is sent once.
public sealed interface TokenRequest {
  /// Names the request in messages, in files and beside what was written. No secret: of keys it
  /// holds twelve digits of a SHA-256, so that a rotated key is another identity.
  String identity();

  /// A token for Amazon ECR.
  ///
  /// @param account the registry's, twelve digits
  /// @param fips whether the endpoint of validated cryptography is asked
  record Ecr(AwsIdentity as, String region, String account, boolean fips) implements TokenRequest {
    @Override
    public String identity() {
      return "ecr/" + account + "/" + region + (fips ? "-fips" : "") + "/" + as.identity();
    }
  }

  /// A token for Amazon ECR Public, which is minted in `us-east-1` alone.
  record EcrPublic(AwsIdentity as) implements TokenRequest {
    @Override
    public String identity() {
      return "ecr-public/" + as.identity();
    }
  }

  /// An access token of Google.
  ///
  /// @param key the service account's key, as JSON; null for the daemon's own identity
  record Google(@Nullable Secret key) implements TokenRequest {
    @Override
    public String identity() {
      return "google/" + (key == null ? "own" : Fingerprint.of(key));
    }
  }

  /// Who asks AWS.
  ///
  /// @param keys null for the daemon's own identity
  /// @param role the ARN of a role to assume; null for none
  /// @param externalId null for none
  record AwsIdentity(@Nullable AwsKeys keys, @Nullable String role, @Nullable String externalId) {
    String identity() {
      String who = keys == null ? "own" : keys.fingerprint();
      if (role == null) {
        return who;
      }
      return who + "/" + role + (externalId == null ? "" : " " + externalId);
    }
  }

  /// @param session null for a long-lived key
  record AwsKeys(Secret id, Secret secret, @Nullable Secret session) {
    String fingerprint() {
      return session == null ? Fingerprint.of(id, secret) : Fingerprint.of(id, secret, session);
    }
  }
}
