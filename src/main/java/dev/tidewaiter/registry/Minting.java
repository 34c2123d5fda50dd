package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.EcrAddress;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.secrets.SecretLookup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Makes the credential of a registry, or the request for a token, out of what the secret stores
/// say. Pure.
///
/// A password and a key are kept to the byte: even a line break at their end, which is mostly a
/// mistake, could be meant. What no client could present is withheld as malformed rather than
/// written: an empty password, a key that is no JSON, and a user name with a colon, which ends it
/// in HTTP's Basic scheme ([RFC 7617, 2](https://www.rfc-editor.org/rfc/rfc7617#section-2)), or
/// with control characters.
public final class Minting {
  /// Google's user name for a key of a service account itself ([Artifact Registry,
  /// authentication](https://cloud.google.com/artifact-registry/docs/docker/authentication#json-key)).
  private static final Secret JSON_KEY_USER = Secret.of("_json_key");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final RegistryAddress address;
  private final Map<SecretReference, SecretLookup> lookups;
  private final List<Issuance> leases = new ArrayList<>();
  private Minted.@Nullable Withheld missing;

  private Minting(RegistryAddress address, Map<SecretReference, SecretLookup> lookups) {
    this.address = address;
    this.lookups = lookups;
  }

  /// The references that must be resolved first.
  public static Set<SecretReference> references(CredentialSource source) {
    return Set.copyOf(source.references().values());
  }

  /// @param lookups of at least the source's [#references]
  public static Sourced of(
      RegistryAddress address,
      CredentialSource source,
      Map<SecretReference, SecretLookup> lookups) {
    var minting = new Minting(address, lookups);
    Sourced sourced =
        switch (source) {
          case CredentialSource.Anonymous _ -> new Sourced.Settled(new Minted.None());
          case CredentialSource.Basic basic -> minting.basic(basic);
          case CredentialSource.GoogleKey(SecretReference key) -> minting.googleKey(key);
          case CredentialSource.GoogleToken(var key) -> minting.googleToken(key);
          case CredentialSource.Ecr ecr -> minting.ecr(ecr);
        };
    Minted.Withheld missing = minting.missing;
    return missing == null ? sourced : new Sourced.Settled(missing);
  }

  private Sourced basic(CredentialSource.Basic basic) {
    Secret username =
        switch (basic.username()) {
          case TextSource.Inline(String text) ->
              sound("`username`", Secret.of(text), Minting::mistakeInUsername);
          case TextSource.Referenced(SecretReference reference) ->
              part(reference, Minting::mistakeInUsername);
        };
    Secret password = part(basic.password(), Minting::mistakeInPassword);
    return ready(username, password, basic.email());
  }

  private Sourced googleKey(SecretReference key) {
    return ready(JSON_KEY_USER, part(key, Minting::mistakeInKey), null);
  }

  private Sourced googleToken(@Nullable SecretReference key) {
    return new Sourced.ToMint(
        new TokenRequest.Google(key == null ? null : part(key, Minting::mistakeInKey)));
  }

  private Sourced ecr(CredentialSource.Ecr ecr) {
    var as = new TokenRequest.AwsIdentity(keys(ecr.keys()), arn(ecr.role()), externalId(ecr));
    if (EcrAddress.isPublic(address)) {
      return new Sourced.ToMint(new TokenRequest.EcrPublic(as));
    }
    Optional<EcrAddress> form = EcrAddress.of(address);
    if (form.isEmpty()) {
      String reason = address + ": this is no address of Amazon ECR.";
      return new Sourced.Settled(new Minted.Withheld(Minted.Cause.MALFORMED, reason));
    }
    EcrAddress said = form.get();
    return new Sourced.ToMint(
        new TokenRequest.Ecr(
            as,
            Objects.requireNonNullElse(ecr.region(), said.region()),
            Objects.requireNonNullElse(ecr.registryId(), said.account()),
            said.fips()));
  }

  private TokenRequest.@Nullable AwsKeys keys(CredentialSource.@Nullable AwsKeys keys) {
    if (keys == null) {
      return null;
    }
    SecretReference session = keys.sessionToken();
    return new TokenRequest.AwsKeys(
        part(keys.accessKeyId(), Minting::mistakeInPassword),
        part(keys.secretAccessKey(), Minting::mistakeInPassword),
        session == null ? null : part(session, Minting::mistakeInPassword));
  }

  private static @Nullable String arn(CredentialSource.@Nullable AwsRole role) {
    return role == null ? null : role.arn();
  }

  private static @Nullable String externalId(CredentialSource.Ecr ecr) {
    CredentialSource.AwsRole role = ecr.role();
    return role == null ? null : role.externalId();
  }

  // What is leased ends with the first of its parts.
  private Sourced ready(Secret username, Secret password, @Nullable String email) {
    Issuance lease = leases.stream().min(Comparator.comparing(Issuance::expiresAt)).orElse(null);
    return new Sourced.Settled(new Minted.Ready(new Credential(username, password, email, lease)));
  }

  /// The value of a reference; if there is none that could be used, the first such cause is kept,
  /// and what is returned is of no use.
  private Secret part(SecretReference reference, Function<Secret, Optional<String>> mistakeIn) {
    switch (lookups.get(reference)) {
      case SecretLookup.Found(Secret secret, _, var lease) -> {
        if (lease != null) {
          leases.add(lease);
        }
        return sound(reference.toString(), secret, mistakeIn);
      }
      case SecretLookup.Absent(String reason) -> withhold(Minted.Cause.ABSENT, reason);
      case SecretLookup.Denied(String reason) -> withhold(Minted.Cause.DENIED, reason);
      case SecretLookup.Unavailable(String reason) -> withhold(Minted.Cause.UNAVAILABLE, reason);
      case null -> withhold(Minted.Cause.UNAVAILABLE, reference + ": not resolved yet.");
    }
    return Secret.of("");
  }

  private Secret sound(String place, Secret text, Function<Secret, Optional<String>> mistakeIn) {
    mistakeIn
        .apply(text)
        .ifPresent(mistake -> withhold(Minted.Cause.MALFORMED, place + ": " + mistake));
    return text;
  }

  private void withhold(Minted.Cause cause, String reason) {
    if (missing == null) {
      missing = new Minted.Withheld(cause, reason);
    }
  }

  private static Optional<String> mistakeInUsername(Secret name) {
    String text = name.reveal();
    if (text.isEmpty()) {
      return Optional.of("the user name is empty.");
    }
    if (text.contains(":")) {
      return Optional.of("the user name contains a colon, which no registry client can send.");
    }
    return text.chars().anyMatch(c -> c < ' ' || c == 0x7f)
        ? Optional.of("the user name contains a line break or another control character.")
        : Optional.empty();
  }

  private static Optional<String> mistakeInPassword(Secret word) {
    return word.isEmpty() ? Optional.of("the password or key is empty.") : Optional.empty();
  }

  private static Optional<String> mistakeInKey(Secret key) {
    try {
      return JSON.readTree(key.reveal()).isObject()
          ? Optional.empty()
          : Optional.of("the key is not the JSON document that Google gave out.");
    } catch (JacksonException _) {
      return Optional.of("the key is not valid JSON; store the file as Google gave it out.");
    }
  }
}
