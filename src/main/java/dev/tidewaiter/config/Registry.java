package dev.tidewaiter.config;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A registry that environments may use.
public record Registry(
    String name,
    Place place,
    RegistryAddress address,
    State state,
    CredentialSource credential,
    Tls tls,
    Verify verify,
    List<String> mirrors) {
  public Registry {
    mirrors = List.copyOf(mirrors);
  }

  /// The secrets it refers to, by the path of the field, such as `spec.credential.basic.password`.
  public SortedMap<String, SecretReference> secretReferences() {
    SortedMap<String, SecretReference> references = new TreeMap<>();
    credential
        .references()
        .forEach((field, reference) -> references.put("spec.credential." + field, reference));
    put(references, "spec.tls.ca", tls.ca());
    ClientCertificate client = tls.clientCertificate();
    if (client != null) {
      put(references, "spec.tls.clientCertificate.cert", client.cert());
      references.put("spec.tls.clientCertificate.key", client.key());
    }
    return references;
  }

  private static void put(
      SortedMap<String, SecretReference> references, String field, @Nullable TextSource source) {
    if (source instanceof TextSource.Referenced(SecretReference reference)) {
      references.put(field, reference);
    }
  }

  /// Whether access is given.
  public enum State {
    ACTIVE,
    /// The declaration and its references are kept, and access is withdrawn.
    INACTIVE
  }

  /// What is proven before a new credential replaces a working one.
  ///
  /// @param images must exist, and be pullable with it
  public record Verify(Proof credential, List<ImageReference> images) {
    public Verify {
      images = List.copyOf(images);
    }
  }

  /// Whether a registry that cannot be asked holds a new credential back.
  public enum Proof {
    /// Until it answers.
    REQUIRED,
    /// For ten minutes, while an older one serves.
    WHEN_REACHABLE,
    /// It is not asked.
    NEVER
  }

  /// How a client on a host makes sure that it speaks to this registry.
  ///
  /// @param ca null for the system's trust store
  /// @param clientCertificate null for none
  /// @param insecure whether plain HTTP and any certificate are accepted
  public record Tls(
      @Nullable TextSource ca, @Nullable ClientCertificate clientCertificate, boolean insecure) {}

  /// What a client shows of itself.
  public record ClientCertificate(TextSource cert, SecretReference key) {}
}
