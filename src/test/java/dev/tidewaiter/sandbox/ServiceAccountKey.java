package dev.tidewaiter.sandbox;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// The key of a Google service account that was made up a moment ago, in the form that Google gives
/// them out.
///
/// Source: [service account keys](https://cloud.google.com/iam/docs/keys-create-delete#creating).
public final class ServiceAccountKey {
  private static final int BITS = 2048;

  private ServiceAccountKey() {}

  /// @param project in it, so that the registries of the sandbox take the key for a password
  public static String json(String project) {
    Map<String, String> key = new TreeMap<>();
    key.put("type", "service_account");
    key.put("project_id", project);
    key.put("private_key_id", "sandbox");
    key.put("private_key", privateKey());
    key.put("client_email", "puller@" + project + ".iam.gserviceaccount.com");
    key.put("client_id", "1");
    key.put("token_uri", CloudStandIn.tokenEndpoint());
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(key);
  }

  private static String privateKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
      String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
      return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no RSA", e);
    }
  }
}
