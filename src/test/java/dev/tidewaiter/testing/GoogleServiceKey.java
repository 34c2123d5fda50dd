package dev.tidewaiter.testing;

import dev.tidewaiter.model.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/// The key of a service account, made in the test, in the form that Google hands out.
public record GoogleServiceKey(String account, String id, KeyPair pair) {
  public static GoogleServiceKey create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2_048);
      return new GoogleServiceKey(
          "puller@acme.iam.gserviceaccount.com", "0badc0de", generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no RSA", e);
    }
  }

  /// As the console saves it: with line breaks, and with those of the PEM escaped.
  public Secret json(URI tokenServer) {
    return Secret.of(
        """
        {
          "type": "service_account",
          "project_id": "acme",
          "private_key_id": "%s",
          "private_key": "%s",
          "client_email": "%s",
          "client_id": "1234567890",
          "auth_uri": "https://accounts.google.com/o/oauth2/auth",
          "token_uri": "%s",
          "universe_domain": "googleapis.com"
        }
        """
            .formatted(id, pem().replace("\n", "\\n"), account, tokenServer));
  }

  /// The private key without its frame, which must be nowhere.
  public String secretPart() {
    return Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()).substring(100, 140);
  }

  private String pem() {
    byte[] encoded = pair.getPrivate().getEncoded();
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(encoded);
    return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
  }
}
