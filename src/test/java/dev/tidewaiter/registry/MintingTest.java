package dev.tidewaiter.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.secrets.SecretLookup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  @Test
  void aLeasedCredentialEndsWithTheFirstOfItsParts() {
    var now = Instant.parse("2026-03-01T12:00:00Z");
    var longer = new Issuance("vault/a", now, now.plusSeconds(7200));
    var shorter = new Issuance("vault/b", now, now.plusSeconds(3600));
    Minted minted =
        mint(
            new SecretLookup.Found(Secret.of("puller"), "", longer),
            new SecretLookup.Found(Secret.of("word"), "", shorter));
    assertThat(minted)
        .isInstanceOfSatisfying(
            Minted.Ready.class,
            ready -> assertThat(ready.credential().issuance()).isEqualTo(shorter));
  }

  @Test
  void writesAKeyOfGoogleToTheByte() {
    // What the escaping bugs of other tools break: line breaks, escaped ones, quotes, colons.
    String key = "{\n  \"private_key\": \"-----BEGIN\\nQUJD\\n-----END\", \"a\": \"b:c\"\n}\n";
    var source = new CredentialSource.GoogleKey(PASSWORD);
    assertThat(settled(source, Map.of(PASSWORD, found(key))))
        .isEqualTo(
            new Minted.Ready(new Credential(Secret.of("_json_key"), Secret.of(key), null, null)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "not JSON: canary", "{\"a\": 1", "{} {}", "\"canary\"", "[]", "Y2FuYXJ5"})
  void withholdsAKeyThatIsNoJsonDocumentAndQuotesNothingOfIt(String key) {
    for (CredentialSource source :
        List.of(
            new CredentialSource.GoogleKey(PASSWORD), new CredentialSource.GoogleToken(PASSWORD))) {
      assertThat(settled(source, Map.of(PASSWORD, found(key))))
          .isInstanceOfSatisfying(
              Minted.Withheld.class,
              withheld -> {
                assertThat(withheld.cause()).isEqualTo(Minted.Cause.MALFORMED);
                assertThat(withheld.reason()).doesNotContain("canary");
              });
    }
  }

  @Test
  void asksForTheTokenOfTheAddressUnlessTheDeclarationSaysOtherwise() {
    assertThat(identity("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com", ecr(null, null)))
        .isEqualTo("ecr/111122223333/us-gov-west-1-fips/own");
    assertThat(
            identity(
                "111122223333.dkr.ecr.eu-west-1.amazonaws.com", ecr("eu-north-1", "444455556666")))
        .isEqualTo("ecr/444455556666/eu-north-1/own");
    assertThat(identity("public.ecr.aws", ecr(null, null))).isEqualTo("ecr-public/own");
    assertThat(identity("eu.gcr.io", new CredentialSource.GoogleToken(null)))
        .isEqualTo("google/own");
    assertThat(Minting.of(new RegistryAddress("quay.io"), ecr(null, null), Map.of()))
        .isInstanceOf(Sourced.Settled.class);
  }

  @Test
  void withholdsATokenWhoseKeysAreNotKnown() {
    var keys = new CredentialSource.AwsKeys(NAME, PASSWORD, null);
    var source = new CredentialSource.Ecr(keys, null, null, null);
    assertThat(
            settled(
                source,
                Map.of(NAME, found("AKIA"), PASSWORD, new SecretLookup.Unavailable("sealed"))))
        .isEqualTo(new Minted.Withheld(Minted.Cause.UNAVAILABLE, "sealed"));
  }

  private static CredentialSource ecr(@Nullable String region, @Nullable String account) {
    return new CredentialSource.Ecr(null, null, region, account);
  }

  private static String identity(String address, CredentialSource source) {
    Sourced sourced = Minting.of(new RegistryAddress(address), source, Map.of());
    assertThat(sourced).isInstanceOf(Sourced.ToMint.class);
    return ((Sourced.ToMint) sourced).request().identity();
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
