package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.desired.RegistryMaterial.Text;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The steps of a round that follow loading: resolve each distinct secret reference once, then
/// mint.
///
/// Only secrets of active registries that a served, active environment uses are read: nothing is
/// read that nobody gets.
final class Materials {
  private final SecretResolver resolver;
  private final Minting minting;
  private final Predicate<String> served;

  /// @param served by the name of an environment
  Materials(SecretResolver resolver, Minting minting, Predicate<String> served) {
    this.resolver = resolver;
    this.minting = minting;
    this.served = served;
  }

  /// By registry name; a registry whose secrets are not known has an entry that says so.
  Map<String, RegistryMaterial> of(Declarations declarations) {
    var registries = used(declarations);
    var references = new HashSet<SecretReference>();
    registries.values().forEach(registry -> collect(registry, references));
    Map<SecretReference, SecretLookup> lookups = resolver.resolve(references);
    var material = new TreeMap<String, RegistryMaterial>();
    registries.forEach((name, registry) -> material.put(name, materialOf(registry, lookups)));
    return material;
  }

  private Map<String, Registry> used(Declarations declarations) {
    var names = new TreeSet<String>();
    for (Environment environment : declarations.environments().values()) {
      if (environment.state() == Environment.State.ACTIVE && served.test(environment.name())) {
        names.addAll(environment.registries());
      }
    }
    var used = new TreeMap<>(declarations.registries());
    used.keySet().retainAll(names);
    used.values().removeIf(registry -> registry.state() != Registry.State.ACTIVE);
    return used;
  }

  private static void collect(Registry registry, Set<SecretReference> references) {
    switch (registry.credential()) {
      case CredentialSource.Basic basic -> {
        collect(basic.username(), references);
        references.add(basic.password());
      }
      case CredentialSource.Anonymous() -> {}
    }
    collect(registry.tls().ca(), references);
    Registry.ClientCertificate certificate = registry.tls().clientCertificate();
    if (certificate != null) {
      collect(certificate.cert(), references);
      references.add(certificate.key());
    }
  }

  private static void collect(@Nullable TextSource text, Set<SecretReference> references) {
    if (text instanceof TextSource.Referenced referenced) {
      references.add(referenced.reference());
    }
  }

  private RegistryMaterial materialOf(
      Registry registry, Map<SecretReference, SecretLookup> lookups) {
    Registry.ClientCertificate certificate = registry.tls().clientCertificate();
    TextSource ca = registry.tls().ca();
    return new RegistryMaterial(
        minting.mint(registry.credential(), lookups),
        ca == null ? null : text(ca, lookups),
        certificate == null ? null : text(certificate.cert(), lookups),
        certificate == null ? null : text(certificate.key(), lookups));
  }

  private static Text text(TextSource source, Map<SecretReference, SecretLookup> lookups) {
    return switch (source) {
      case TextSource.Inline(String text) -> new Text.Known(Secret.of(text));
      case TextSource.Referenced(SecretReference reference) -> text(reference, lookups);
    };
  }

  private static Text text(SecretReference reference, Map<SecretReference, SecretLookup> lookups) {
    return switch (lookups.get(reference)) {
      case SecretLookup.Found found -> new Text.Known(found.secret());
      case SecretLookup.Absent(String reason) -> withheld(reference, "absent", reason);
      case SecretLookup.Denied(String reason) -> withheld(reference, "denied", reason);
      case SecretLookup.Unavailable(String reason) -> withheld(reference, "unavailable", reason);
      case null -> throw new IllegalStateException("the resolver gave no answer for " + reference);
    };
  }

  private static Text withheld(SecretReference reference, String kind, String reason) {
    return new Text.Withheld(reference + " is " + kind + ": " + reason);
  }
}
