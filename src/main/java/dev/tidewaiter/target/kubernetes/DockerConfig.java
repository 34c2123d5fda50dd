package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The content of a pull Secret: entries by registry, and whatever else somebody put there.
///
/// Source: [Docker's
/// config.json](https://docs.docker.com/reference/cli/docker/login/#default-behavior), of which
/// kubelets read `auths`.
final class DockerConfig {
  static final String TYPE = "kubernetes.io/dockerconfigjson";
  static final String KEY = ".dockerconfigjson";

  /// Bytes. A Secret's data may have 1 MiB, an etcd request 1.5 MiB, into which it must fit as
  /// base64.
  static final int LARGEST = 900 * 1024;

  /// Characters. What a provider mints is random; from so many on nobody finds it by trying what
  /// has the digest, and no shorter one is digested.
  private static final int LEAST_DIGESTED = 20;

  private static final int DIGEST_BYTES = 16;
  private static final String AUTHS = "auths";

  private final ObjectNode root;
  private final ObjectNode auths;

  private DockerConfig(ObjectNode root) {
    this.root = root;
    this.auths = root.path(AUTHS) instanceof ObjectNode entries ? entries : root.putObject(AUTHS);
  }

  static DockerConfig empty() {
    return new DockerConfig(Json.object());
  }

  /// Reads the content of a Secret; what is no JSON object counts as empty, since nothing in it
  /// could be used by a kubelet.
  static DockerConfig of(JsonNode secret) {
    String encoded = Json.string(secret.path("data"), KEY);
    return new DockerConfig(
        Json.parse(decoded(encoded)) instanceof ObjectNode object ? object : Json.object());
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  List<String> keys() {
    return new ArrayList<>(auths.propertyNames());
  }

  /// Whether there is anything besides `auths`.
  boolean hasMore() {
    return root.size() > 1;
  }

  /// What an entry's seal is made of: the credential if it is exactly as we would write it, and
  /// something that no credential gives if it is not.
  Secret sealable(String key) {
    JsonNode entry = auths.path(key);
    Credential credential = credential(entry);
    return entry.equals(entry(credential))
        ? credential.sealable()
        : Secret.of("not as written: " + Json.text(entry));
  }

  /// Which entry this is, for those who know it: the first 16 bytes, in hexadecimal, of the SHA-256
  /// of the entry exactly as we would write it.
  ///
  /// It is stored beside the entry, without a key, since several processes compare it; only what
  /// was minted is to be recorded by it.
  ///
  /// @return empty if there is no such entry, if it is not as we would write it, or if its password
  ///   is so short that the digest could betray it
  String digest(String key) {
    JsonNode entry = auths.path(key);
    Credential credential = credential(entry);
    ObjectNode canonical = entry(credential);
    if (credential.password().reveal().length() < LEAST_DIGESTED || !entry.equals(canonical)) {
      return "";
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Json.bytes(canonical));
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Credential credential(JsonNode entry) {
    return new Credential(
        Secret.of(Json.string(entry, "username")),
        Secret.of(Json.string(entry, "password")),
        entry.has("email") ? Json.string(entry, "email") : null,
        null);
  }

  void put(String key, Credential credential) {
    auths.set(key, entry(credential));
  }

  void drop(String key) {
    auths.remove(key);
  }

  byte[] bytes() {
    return Json.bytes(root);
  }

  String base64() {
    return Base64.getEncoder().encodeToString(bytes());
  }

  private static ObjectNode entry(Credential credential) {
    String username = credential.username().reveal();
    String password = credential.password().reveal();
    ObjectNode entry = Json.object().put("username", username).put("password", password);
    if (credential.email() != null) {
      entry.put("email", credential.email());
    }
    byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    return entry.put("auth", Base64.getEncoder().encodeToString(pair));
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof DockerConfig config && root.equals(config.root);
  }

  @Override
  public int hashCode() {
    return 0;
  }

  /// Without content.
  @Override
  public String toString() {
    return "DockerConfig" + keys();
  }
}
