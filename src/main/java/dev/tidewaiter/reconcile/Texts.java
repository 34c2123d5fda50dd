package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Registry;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.desired.RegistryMaterial.Text;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.registry.Pem;
import dev.tidewaiter.registry.RegistryProbe.Trust;
import dev.tidewaiter.secrets.SecretLookup;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What became of the certificates that a registry's declaration names.
///
/// @param ca null if none is declared; likewise the client's certificate and key
/// @param insecure as declared
public record Texts(
    @Nullable Text ca,
    @Nullable Text clientCertificate,
    @Nullable Text clientKey,
    boolean insecure) {

  static Texts of(Registry registry, Map<SecretReference, SecretLookup> lookups) {
    Registry.ClientCertificate certificate = registry.tls().clientCertificate();
    TextSource ca = registry.tls().ca();
    return new Texts(
        ca == null ? null : certificates(ca, lookups),
        certificate == null ? null : certificates(certificate.cert(), lookups),
        certificate == null ? null : text(certificate.key(), lookups, Pem::mistakeInPrivateKey),
        registry.tls().insecure());
  }

  /// Those of a registry whose material is known.
  public static Texts of(Registry registry, RegistryMaterial material) {
    return new Texts(
        material.ca(),
        material.clientCertificate(),
        material.clientKey(),
        registry.tls().insecure());
  }

  /// How the registry is told from another; null while something declared is not known.
  public @Nullable Trust trust() {
    return isUnknown(ca) || isUnknown(clientCertificate) || isUnknown(clientKey)
        ? null
        : new Trust(secret(ca), secret(clientCertificate), secret(clientKey), insecure);
  }

  private static boolean isUnknown(@Nullable Text text) {
    return text instanceof Text.Withheld;
  }

  private static @Nullable Secret secret(@Nullable Text text) {
    return text instanceof Text.Known(Secret secret) ? secret : null;
  }

  private static Text certificates(TextSource source, Map<SecretReference, SecretLookup> lookups) {
    return switch (source) {
      case TextSource.Inline(String text) -> new Text.Known(Secret.of(text));
      case TextSource.Referenced(SecretReference reference) ->
          text(reference, lookups, Pem::mistakeInCertificates);
    };
  }

  private static Text text(
      SecretReference reference,
      Map<SecretReference, SecretLookup> lookups,
      Function<Secret, Optional<String>> mistakeIn) {
    @Nullable SecretLookup lookup = lookups.get(reference);
    return switch (lookup) {
      case SecretLookup.Found found ->
          mistakeIn
              .apply(found.secret())
              .<Text>map(mistake -> new Text.Withheld(reference + " " + mistake))
              .orElse(new Text.Known(found.secret()));
      case SecretLookup.Absent(String reason) -> new Text.Withheld(reason);
      case SecretLookup.Denied(String reason) -> new Text.Withheld(reason);
      case SecretLookup.Unavailable(String reason) -> new Text.Withheld(reason);
      case null -> throw new IllegalStateException("the resolver gave no answer for " + reference);
    };
  }
}
