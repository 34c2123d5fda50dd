package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.desired.RegistryMaterial.Text;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.registry.Minting;
import dev.tidewaiter.registry.Pem;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The steps of a round that follow loading: resolve each distinct secret reference once, then
/// mint.
///
/// Nothing is read that no served environment gets: no secret of an inactive or superseded
/// registry, or of a retired environment.
final class Materials {
  private final SecretResolver resolver;
  private final Predicate<String> served;

  /// @param served by the name of an environment
  Materials(SecretResolver resolver, Predicate<String> served) {
    this.resolver = resolver;
    this.served = served;
  }

  /// By registry name; a registry whose secrets are not known has an entry that says so.
  Map<String, RegistryMaterial> of(Declarations declarations) {
    List<Environment> environments =
        declarations.environments().values().stream()
            .filter(environment -> served.test(environment.name()))
            .toList();
    Map<SecretReference, SecretLookup> lookups =
        resolver.resolve(declarations.secretReferences(environments));
    var material = new TreeMap<String, RegistryMaterial>();
    for (Environment environment : environments) {
      for (Registry registry : declarations.serving(environment)) {
        material.computeIfAbsent(registry.name(), _ -> materialOf(registry, lookups));
      }
    }
    return material;
  }

  private static RegistryMaterial materialOf(
      Registry registry, Map<SecretReference, SecretLookup> lookups) {
    Registry.ClientCertificate certificate = registry.tls().clientCertificate();
    TextSource ca = registry.tls().ca();
    return new RegistryMaterial(
        Minting.mint(registry.credential(), lookups),
        ca == null ? null : certificates(ca, lookups),
        certificate == null ? null : certificates(certificate.cert(), lookups),
        certificate == null ? null : text(certificate.key(), lookups, Pem::mistakeInPrivateKey));
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
