package dev.tidewaiter.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How the credential of a registry comes about, as its declaration says.
public sealed interface CredentialSource {
  /// The secrets it refers to, by the field below `spec.credential`, such as `basic.password`.
  SortedMap<String, SecretReference> references();

  /// A user name and a password: long-lived, or for as long as the lease of a dynamic secret.
  record Basic(TextSource username, SecretReference password, @Nullable String email)
      implements CredentialSource {
    @Override
    public SortedMap<String, SecretReference> references() {
      var references = new TreeMap<String, SecretReference>();
      if (username instanceof TextSource.Referenced(SecretReference reference)) {
        references.put("basic.username", reference);
      }
      references.put("basic.password", password);
      return Collections.unmodifiableSortedMap(references);
    }
  }

  /// No credential: the registry serves everybody, and its address counts as declared.
  record Anonymous() implements CredentialSource {
    @Override
    public SortedMap<String, SecretReference> references() {
      return Collections.emptySortedMap();
    }
  }

  /// A token of Amazon ECR, for twelve hours.
  ///
  /// @param keys null for the daemon's own identity
  /// @param role a role to assume with that identity; null for none
  /// @param region null for that of the address
  /// @param registryId the account, twelve digits; null for that of the address
  record Ecr(
      @Nullable AwsKeys keys,
      @Nullable AwsRole role,
      @Nullable String region,
      @Nullable String registryId)
      implements CredentialSource {
    @Override
    public SortedMap<String, SecretReference> references() {
      var references = new TreeMap<String, SecretReference>();
      if (keys != null) {
        references.put("ecr.accessKeyId", keys.accessKeyId());
        references.put("ecr.secretAccessKey", keys.secretAccessKey());
        if (keys.sessionToken() != null) {
          references.put("ecr.sessionToken", keys.sessionToken());
        }
      }
      return Collections.unmodifiableSortedMap(references);
    }
  }

  /// An access key of AWS.
  ///
  /// @param sessionToken null for a long-lived key
  record AwsKeys(
      SecretReference accessKeyId,
      SecretReference secretAccessKey,
      @Nullable SecretReference sessionToken) {}

  /// A role of AWS.
  ///
  /// @param externalId null for none
  record AwsRole(String arn, @Nullable String externalId) {}

  /// The key of a Google service account itself, as user `_json_key`: long-lived.
  record GoogleKey(SecretReference key) implements CredentialSource {
    @Override
    public SortedMap<String, SecretReference> references() {
      return Collections.unmodifiableSortedMap(new TreeMap<>(Map.of("googleKey.key", key)));
    }
  }

  /// An access token of Google, as user `oauth2accesstoken`, for an hour.
  ///
  /// @param key null for the daemon's own identity
  record GoogleToken(@Nullable SecretReference key) implements CredentialSource {
    @Override
    public SortedMap<String, SecretReference> references() {
      var references = new TreeMap<String, SecretReference>();
      if (key != null) {
        references.put("googleToken.key", key);
      }
      return Collections.unmodifiableSortedMap(references);
    }
  }
}
