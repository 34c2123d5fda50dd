package dev.tidewaiter.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.secrets.SecretLookup;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MintingTest {
  private static final SecretReference NAME =
      new SecretReference.Vault("secret/quay", "username", null);
  private static final SecretReference PASSWORD =
      new SecretReference.Vault("secret/quay", "password", null);
  private static final CredentialSource BASIC =
      new CredentialSource.Basic(new TextSource.Referenced(NAME), PASSWORD, "a@b.example");

  @Test
  void keepsThePasswordToTheByte() {
    assertThat(mint(found("puller"), found(" pass:word \n")))
        .isEqualTo(
            new Minted.Ready(
                new Credential(
                    Secret.of("puller"), Secret.of(" pass:word \n"), "a@b.example", null)));
  }

  @Test
  void needsNothingForAnonymous() {
    var source = new CredentialSource.Anonymous();
    assertThat(Minting.references(source)).isEmpty();
    assertThat(settled(source, Map.of())).isEqualTo(new Minted.None());
  }

  @Test
  void needsBothReferencesOfBasic() {
    assertThat(Minting.references(BASIC)).containsExactlyInAnyOrder(NAME, PASSWORD);
  }

  @Test
  void neverConfusesTheCauses() {
    assertCause(Minted.Cause.ABSENT, found("puller"), new SecretLookup.Absent("gone"));
    assertCause(Minted.Cause.DENIED, new SecretLookup.Denied("no"), found("password"));
    assertCause(Minted.Cause.UNAVAILABLE, found("puller"), new SecretLookup.Unavailable("down"));
    assertThat(settled(BASIC, Map.of()))
        .isInstanceOfSatisfying(
            Minted.Withheld.class,
            withheld -> assertThat(withheld.cause()).isEqualTo(Minted.Cause.UNAVAILABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with:colon", "with\nnewline", "with\u0000nul"})
  void withholdsAUserNameThatNoClientCouldSend(String name) {
    assertCause(Minted.Cause.MALFORMED, found(name), found("password"));
  }

  @Test
  void withholdsAnEmptyPassword() {
    assertCause(Minted.Cause.MALFORMED, found("puller"), found(""));
  }

  private static void assertCause(Minted.Cause cause, SecretLookup name, SecretLookup password) {
    assertThat(mint(name, password))
        .isInstanceOfSatisfying(
            Minted.Withheld.class, withheld -> assertThat(withheld.cause()).isEqualTo(cause));
  }

  private static Minted mint(SecretLookup name, SecretLookup password) {
    return settled(BASIC, Map.of(NAME, name, PASSWORD, password));
  }

  private static Minted settled(
      CredentialSource source, Map<SecretReference, SecretLookup> lookups) {
    Sourced sourced = Minting.of(new RegistryAddress("quay.io"), source, lookups);
    assertThat(sourced).isInstanceOf(Sourced.Settled.class);
    return ((Sourced.Settled) sourced).minted();
  }

  private static SecretLookup found(String text) {
    return new SecretLookup.Found(Secret.of(text), "version 1");
  }
}
