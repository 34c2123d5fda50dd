package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.Registry.Proof;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.SecretReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is valid; what is not is in the corpus.
class RegistryReaderTest {
  private static final String ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

  private static Registry read(String spec) {
    String text =
        "apiVersion: tidewaiter.dev/v1\nkind: Registry\nmetadata: {name: r}\nspec: " + spec;
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(Trees.documents(text), context)) {
      case Loaded.Accepted(Declarations declarations, _) ->
          declarations.registries().values().iterator().next();
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static CredentialSource credential(String address, String credential) {
    return read("{address: %s, credential: %s}".formatted(address, credential)).credential();
  }

  private static SecretReference vault(String key) {
    return new SecretReference.Vault("secret/r", key, null);
  }

  @Test
  void readsTheDaemonsOwnIdentityAsNoKeysAndNoRole() {
    assertThat(credential(ECR, "{ecr: {}}"))
        .isEqualTo(new CredentialSource.Ecr(null, null, null, null));
    assertThat(credential("gcr.io", "{googleToken: {}}"))
        .isEqualTo(new CredentialSource.GoogleToken(null));
  }

  @Test
  void readsKeysRoleRegionAndAccountOfAmazon() {
    CredentialSource read =
        credential(
            ECR,
            """
            {ecr: {accessKeyId: {vault: {path: secret/r, key: id}},
              secretAccessKey: {vault: {path: secret/r, key: secret}},
              sessionToken: {vault: {path: secret/r, key: session}},
              roleArn: 'arn:aws:iam::123456789012:role/pull', externalId: tide,
              region: us-east-1, registryId: '210987654321'}}
            """);
    assertThat(read)
        .isEqualTo(
            new CredentialSource.Ecr(
                new CredentialSource.AwsKeys(vault("id"), vault("secret"), vault("session")),
                new CredentialSource.AwsRole("arn:aws:iam::123456789012:role/pull", "tide"),
                "us-east-1",
                "210987654321"));
  }

  @Test
  void readsKeysOfGoogle() {
    String key = "{key: {vault: {path: secret/r, key: key}}}";
    assertThat(credential("eu.gcr.io", "{googleKey: " + key + "}"))
        .isEqualTo(new CredentialSource.GoogleKey(vault("key")));
    assertThat(credential("europe-west1-docker.pkg.dev", "{googleToken: " + key + "}"))
        .isEqualTo(new CredentialSource.GoogleToken(vault("key")));
  }

  @Test
  void asksForAnswersWhereverItCanUnlessTold() {
    assertThat(read("{address: quay.io, credential: {anonymous: {}}}").verify())
        .isEqualTo(new Registry.Verify(Proof.WHEN_REACHABLE, List.of()));
  }

  @Test
  void readsImagesByWhateverNameTheRegistryHasAndEachOnce() {
    Registry hub =
        read(
            """
            {address: index.docker.io, credential: {anonymous: {}}, verify: {credential: Required,
              images: ['nginx:1', docker.io/library/nginx:1, acme/base]}}
            """);
    assertThat(hub.verify().credential()).isEqualTo(Proof.REQUIRED);
    assertThat(hub.verify().images())
        .containsExactly(
            new ImageReference("docker.io", "library/nginx", "1", null),
            new ImageReference("docker.io", "acme/base", null, null));
  }
}
