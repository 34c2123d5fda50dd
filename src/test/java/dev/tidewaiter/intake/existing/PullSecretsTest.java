package dev.tidewaiter.intake.existing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.target.ExistingPullSecret;
import dev.tidewaiter.target.ExistingPullSecret.Form;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullSecretsTest {
  private static final String ENTRIES =
      "{\"quay.io\": {\"username\": \"me\", \"password\": \"x\"}}";
  private static final String AUTHS = "{\"auths\": " + ENTRIES + "}";

  @Test
  void readsBothForms() {
    var login =
        new Found.Login(
            Origin.ofSecret("prod", "shop", "regcred"),
            new RegistryAddress("quay.io"),
            new CredentialDraft.Basic("me", Secret.of("x"), null));
    assertThat(read("shop", Form.DOCKER_CONFIG_JSON, null, AUTHS)).containsExactly(login);
    assertThat(read("shop", Form.DOCKER_CFG, null, ENTRIES)).containsExactly(login);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"auths\": \"must not be told\"}", "must not be told"})
  void whatCannotBeUnderstoodIsToldOfAndNotQuoted(String content) {
    List<Found> found = read("shop", Form.DOCKER_CONFIG_JSON, null, content);
    assertThat(found).singleElement().isInstanceOf(Found.Left.class);
    assertThat(found.toString()).doesNotContain("must not be told");
  }

  @Test
  void whatSomebodyWritesAnewIsLeft() {
    assertThat(read("shop", Form.DOCKER_CONFIG_JSON, "OpenShift", AUTHS).toString())
        .contains("It is written by OpenShift.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kube-system", "cattle-system", "openshift-config"})
  void systemNamespacesAreReadOnlyWhereTheyAreNamed(String namespace) {
    assertThat(read(namespace, Form.DOCKER_CONFIG_JSON, null, AUTHS))
        .singleElement()
        .isInstanceOf(Found.Left.class);
    assertThat(
            PullSecrets.read(
                "prod",
                List.of(secret(namespace, Form.DOCKER_CONFIG_JSON, null, AUTHS)),
                List.of(namespace)))
        .singleElement()
        .isInstanceOf(Found.Login.class);
  }

  private static List<Found> read(
      String namespace, Form form, @Nullable String keeper, String content) {
    return PullSecrets.read(
        "prod", List.of(secret(namespace, form, keeper, content)), List.of("must not matter"));
  }

  private static ExistingPullSecret secret(
      String namespace, Form form, @Nullable String keeper, String content) {
    return new ExistingPullSecret(namespace, "regcred", form, keeper, Secret.of(content));
  }
}
