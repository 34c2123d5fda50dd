package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.EcrAddress;
import dev.tidewaiter.model.GoogleAddress;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The credential that a declaration is to have.
sealed interface CredentialDraft {
  /// What goes to Vault, by key.
  default SortedMap<String, Secret> secrets() {
    return Collections.emptySortedMap();
  }

  /// Whether the registry cannot tell them apart.
  default boolean isSameAs(CredentialDraft other) {
    return equals(other);
  }

  /// A user name, which is spelled out, and a password.
  record Basic(String username, Secret password, @Nullable String email)
      implements CredentialDraft {
    @Override
    public SortedMap<String, Secret> secrets() {
      return new TreeMap<>(Map.of("password", password));
    }

    // No registry looks at the e-mail address.
    @Override
    public boolean isSameAs(CredentialDraft other) {
      return other instanceof Basic(String user, Secret word, String _)
          && username.equals(user)
          && password.equals(word);
    }
  }

  record Anonymous() implements CredentialDraft {}

  /// As the daemon itself: the token that was found lives for twelve hours.
  record Ecr() implements CredentialDraft {}

  /// The key of a service account.
  record GoogleKey(Secret key) implements CredentialDraft {
    @Override
    public SortedMap<String, Secret> secrets() {
      return new TreeMap<>(Map.of("key", key));
    }
  }

  /// As the daemon itself: the token that was found lives for an hour.
  record GoogleToken() implements CredentialDraft {}

  /// The form in which a user name and a password of a registry are declared.
  ///
  /// Source of the user names:
  /// [ECR](https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html), [Artifact
  /// Registry](https://cloud.google.com/artifact-registry/docs/docker/authentication).
  static CredentialDraft of(
      RegistryAddress address, String username, Secret password, @Nullable String email) {
    boolean ofAmazon = EcrAddress.of(address).isPresent() || EcrAddress.isPublic(address);
    if (ofAmazon && username.equals("AWS")) {
      return new Ecr();
    }
    if (GoogleAddress.is(address)) {
      if (username.equals("_json_key")) {
        return new GoogleKey(password);
      }
      if (username.equals("_json_key_base64")) {
        return new GoogleKey(decoded(password));
      }
      if (username.matches("oauth2accesstoken|_dcg(cloud|cr_[0-9_]+)_token")) {
        return new GoogleToken();
      }
    }
    return new Basic(username, password, email);
  }

  private static Secret decoded(Secret base64) {
    try {
      byte[] key = Base64.getMimeDecoder().decode(base64.reveal());
      return Secret.of(new String(key, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return base64;
    }
  }
}
