package dev.tidewaiter.registry.oci;

import dev.tidewaiter.registry.oci.StandIn.Answer;
import dev.tidewaiter.registry.oci.StandIn.Request;
import dev.tidewaiter.testbed.TestCertificates;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;

/// Signs tokens that a real registry takes: for one user any repository but `demo/secret`, and for
/// anybody else nothing.
///
/// Source: [token specification](https://distribution.github.io/distribution/spec/auth/jwt/).
record TokenIssuer(TestCertificates.Issued keys, String basic) implements StandIn.Answers {
  static final String NAME = "the issuer of a test";
  static final String SERVICE = "a registry of a test";

  @Override
  public Answer to(Request request) {
    if (!basic.equals(request.authorization())) {
      return Answer.of(401).json("{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");
    }
    try {
      return Answer.of(200)
          .json("{\"token\":\"" + token(parameter(request.uri(), "scope")) + "\"}");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no token", e);
    }
  }

  private String token(String scope) throws GeneralSecurityException {
    String chain =
        Base64.getEncoder().encodeToString(keys.keyStore().getCertificate("issued").getEncoded());
    long now = Instant.now().getEpochSecond();
    String claims =
        "{\"iss\":\"%s\",\"sub\":\"puller\",\"aud\":\"%s\",\"iat\":%d,\"nbf\":%d,\"exp\":%d,\"jti\":\"1\",\"access\":[%s]}"
            .formatted(NAME, SERVICE, now, now - 60, now + 60, access(scope));
    String header = "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"x5c\":[\"" + chain + "\"]}";
    String signed =
        url(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + url(claims.getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign((PrivateKey) keys.keyStore().getKey("issued", keys.password()));
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + url(signature.sign());
  }

  private static String access(String scope) {
    String[] parts = scope.split(":", 3);
    return parts.length < 3 || parts[1].equals("demo/secret")
        ? ""
        : "{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[\"%s\"]}"
            .formatted(parts[0], parts[1], parts[2]);
  }

  private static String parameter(String uri, String name) {
    for (String pair : uri.replaceFirst(".*\\?", "").split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private static String url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
