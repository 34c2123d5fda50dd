package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyInfoTest {
  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void readsAKeyAndKnowsItsPublicKey(String algorithm) throws GeneralSecurityException {
    KeyPair pair = pair(algorithm);
    var read = PrivateKeyInfo.read(pem("", pair.getPrivate().getEncoded()), pair.getPublic());
    assertThat(read).isEqualTo(pair.getPrivate());
    assertThat(PrivateKeyInfo.belongTogether(pair.getPublic(), read)).isTrue();
    assertThat(PrivateKeyInfo.belongTogether(pair(algorithm).getPublic(), read)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"RSA, 'RSA '", "EC, 'EC '"})
  void readsTheOlderForms(String algorithm, String kind)
      throws GeneralSecurityException, IOException {
    KeyPair pair = pair(algorithm);
    byte[] older =
        org.bouncycastle.asn1.pkcs.PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    var read = PrivateKeyInfo.read(pem(kind, older), pair.getPublic());
    assertThat(read).isEqualTo(pair.getPrivate());
    assertThat(PrivateKeyInfo.belongTogether(pair.getPublic(), read)).isTrue();
  }

  @Test
  void readsNothingThatIsNoKeyOfThisAlgorithm() throws GeneralSecurityException {
    KeyPair pair = pair("EC");
    byte[] encoded = pair.getPrivate().getEncoded();
    assertThatThrownBy(() -> PrivateKeyInfo.read(pem("ENCRYPTED ", encoded), pair.getPublic()))
        .isInstanceOf(InvalidKeyException.class);
    assertThatThrownBy(() -> PrivateKeyInfo.read(Secret.of("no PEM"), pair.getPublic()))
        .isInstanceOf(InvalidKeyException.class);
    var other = pair("RSA").getPublic();
    assertThatThrownBy(() -> PrivateKeyInfo.read(pem("", encoded), other))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> PrivateKeyInfo.belongTogether(other, pair.getPrivate()))
        .isInstanceOf(GeneralSecurityException.class);
  }

  private static KeyPair pair(String algorithm) throws GeneralSecurityException {
    return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
  }

  private static Secret pem(String kind, byte[] encoded) {
    var body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return Secret.of(
        "-----BEGIN %1$sPRIVATE KEY-----%n%2$s%n-----END %1$sPRIVATE KEY-----%n"
            .formatted(kind, body.encodeToString(encoded)));
  }
}
