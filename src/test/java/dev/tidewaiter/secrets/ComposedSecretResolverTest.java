package dev.tidewaiter.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComposedSecretResolverTest {
  private static final SecretReference OF_VAULT =
      new SecretReference.Vault("secret/quay", "password", null);
  private static final SecretReference OF_FILES = new SecretReference.File("/run/secrets/quay");

  @Test
  void sendsEachReferenceToTheStoreOfItsKind() {
    var composed = new ComposedSecretResolver(answering("vault"), answering("files"));

    assertThat(composed.resolve(Set.of(OF_VAULT, OF_FILES)))
        .isEqualTo(Map.of(OF_VAULT, found("vault"), OF_FILES, found("files")));
  }

  @Test
  void asksNoStoreForNothing() {
    SecretResolver unasked = new Store("must not be asked");

    assertThat(new ComposedSecretResolver(unasked, answering("files")).resolve(Set.of(OF_FILES)))
        .isEqualTo(Map.of(OF_FILES, found("files")));
    assertThat(new ComposedSecretResolver(answering("vault"), unasked).resolve(Set.of(OF_VAULT)))
        .isEqualTo(Map.of(OF_VAULT, found("vault")));
  }

  @Test
  void withoutAVaultItsReferencesAreUnavailableAndFilesAreServed() {
    var composed = new ComposedSecretResolver(null, answering("files"));

    var lookups = composed.resolve(Set.of(OF_VAULT, OF_FILES));

    assertThat(lookups).containsEntry(OF_FILES, found("files"));
    assertThat(lookups.get(OF_VAULT))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("secret/quay", "Write `vault`");
  }

  @Test
  void tellsEachStoreWhichOfItsLeasesAreInUse() {
    var vault = new Store("vault");
    var files = new Store("files");

    new ComposedSecretResolver(vault, files).promoted(Map.of(OF_VAULT, "lease 1", OF_FILES, ""));

    assertThat(vault.promoted).isEqualTo(Map.of(OF_VAULT, "lease 1"));
    assertThat(files.promoted).isEqualTo(Map.of(OF_FILES, ""));
  }

  private static SecretResolver answering(String store) {
    return new Store(store);
  }

  /// Gives its name for everything.
  private static final class Store implements SecretResolver {
    private final String name;
    private final Map<SecretReference, String> promoted = new HashMap<>();

    Store(String name) {
      this.name = name;
    }

    @Override
    public Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references) {
      if (name.equals("must not be asked")) {
        throw new AssertionError(name + ": " + references);
      }
      return references.stream().collect(Collectors.toMap(one -> one, _ -> found(name)));
    }

    @Override
    public void promoted(Map<SecretReference, String> leases) {
      promoted.putAll(leases);
    }
  }

  private static SecretLookup found(String store) {
    return new SecretLookup.Found(Secret.of(store), "");
  }
}
