package dev.tidewaiter.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Vault in memory, unsealed, with a KV 2 mount at `secret/` and a KV 1 mount at `kv1/`.
public final class VaultServer implements AutoCloseable {
  /// The token that may do everything.
  public static final String ROOT_TOKEN = "root-token-of-the-test-bed";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client;
  private final URI address;
  private final ServerProcess process;

  private VaultServer(HttpClient client, URI address, ServerProcess process) {
    this.client = client;
    this.address = address;
    this.process = process;
  }

  /// Starts one on a free port, with its log in `directory`.
  public static VaultServer start(Path directory) {
    return start(directory, TestBed.freePort());
  }

  /// Starts one on a port that was used before, as if it came back.
  public static VaultServer start(Path directory, int port) {
    var server =
        new VaultServer(
            HttpClient.newHttpClient(),
            URI.create("http://127.0.0.1:" + port),
            process(directory, port, List.of()));
    server.prepare();
    return server;
  }

  /// Starts one that speaks TLS, and asks its clients for a certificate without insisting.
  public static VaultServer startTls(Path directory, TestCertificates authority) {
    int port = TestBed.freePort();
    var issued = authority.server("127.0.0.1");
    var files = List.of(issued.certificate().toString(), issued.key().toString());
    var server =
        new VaultServer(
            HttpClient.newBuilder().sslContext(authority.clientContext()).build(),
            URI.create("https://127.0.0.1:" + port),
            process(directory, port, files));
    server.prepare();
    return server;
  }

  private static ServerProcess process(Path directory, int port, List<String> options) {
    var command =
        new ArrayList<>(
            List.of(TestBed.binary("vault").toString(), "127.0.0.1:" + port, ROOT_TOKEN));
    command.addAll(options);
    Path log = directory.resolve("vault-" + port + ".log");
    return ServerProcess.start("vault", new ProcessBuilder(command), log);
  }

  private void prepare() {
    process.awaitReady(
        Duration.ofSeconds(60), () -> status("GET", "auth/token/lookup-self", "") == 200);
    mount("secret", "kv", "2");
    mount("kv1", "kv", "1");
  }

  public URI address() {
    return address;
  }

  public int port() {
    return address.getPort();
  }

  /// Mounts an engine, and waits until it takes a write: KV 2 takes a second for that.
  public void mount(String path, String type, String version) {
    String options = "{\"type\":\"%s\",\"options\":{\"version\":\"%s\"}}".formatted(type, version);
    require("POST", "sys/mounts/" + path, options);
    String probe = version.equals("2") ? path + "/data/mount-probe" : path + "/mount-probe";
    String content = version.equals("2") ? "{\"data\":{\"a\":\"b\"}}" : "{\"a\":\"b\"}";
    process.awaitReady(Duration.ofSeconds(30), () -> status("POST", probe, content) < 300);
  }

  /// Mounts the engine `rabbitmq` with a role `pull`, whose users are lent for a time.
  ///
  /// @param ttl such as `1h`
  /// @param maxTtl after which no renewal helps
  public void mountRabbitMq(String path, RabbitMqStandIn broker, String ttl, String maxTtl) {
    write("sys/mounts/" + path, Map.of("type", "rabbitmq"));
    write(path + "/config/connection", broker.connection());
    write(path + "/config/lease", Map.of("ttl", ttl, "max_ttl", maxTtl));
    String hosts = "{\"/\": {\"read\": \".*\", \"write\": \"\", \"configure\": \"\"}}";
    write(path + "/roles/pull", Map.of("vhosts", hosts));
  }

  /// Enables a login method at a mount of its name, and configures it.
  public void enableLogin(String type, Map<String, ?> configuration) {
    write("sys/auth/" + type, Map.of("type", type));
    write("auth/" + type + "/config", configuration);
  }

  /// Writes a JSON object to a path.
  public void write(String path, Map<String, ?> object) {
    require("POST", path, JSON.writeValueAsString(object));
  }

  public void unmount(String path) {
    require("DELETE", "sys/mounts/" + path, "");
  }

  /// Writes a new version of a KV 2 secret, its path written as for the command line.
  public void writeKv2(String path, Map<String, ?> data) {
    require("POST", versioned(path, "data"), JSON.writeValueAsString(Map.of("data", data)));
  }

  public void writeKv1(String path, Map<String, ?> data) {
    require("POST", path, JSON.writeValueAsString(data));
  }

  /// Deletes the newest version of a KV 2 secret; its metadata stays.
  public void deleteLatest(String path) {
    require("DELETE", versioned(path, "data"), "");
  }

  public void destroy(String path, int version) {
    require("PUT", versioned(path, "destroy"), "{\"versions\":[%d]}".formatted(version));
  }

  /// Deletes all versions of a KV 2 secret, and that it ever was.
  public void forget(String path) {
    require("DELETE", versioned(path, "metadata"), "");
  }

  /// A policy, in Vault's own language.
  public void policy(String name, String rules) {
    require("PUT", "sys/policies/acl/" + name, JSON.writeValueAsString(Map.of("policy", rules)));
  }

  /// A token with the default policy and the one named.
  ///
  /// @param fields further fields of `auth/token/create`
  public String token(String policy, Map<String, ?> fields) {
    Map<String, Object> body = new java.util.HashMap<>(fields);
    body.put("policies", List.of(policy));
    return require("POST", "auth/token/create", JSON.writeValueAsString(body))
        .at("/auth/client_token")
        .asString();
  }

  public void revoke(String token) {
    require("POST", "auth/token/revoke", JSON.writeValueAsString(Map.of("token", token)));
  }

  /// Revokes all that was lent at paths beneath one.
  public void revokeLeasesAt(String path) {
    require("POST", "sys/leases/revoke-prefix/" + path, "");
  }

  /// Revokes every token that a login method has given.
  public void revokeLoginsAt(String mount) {
    require("POST", "sys/leases/revoke-prefix/auth/" + mount + "/login", "");
  }

  /// Enables AppRole at a mount and makes one role.
  ///
  /// @param fields of the role, such as `token_ttl` and `token_max_ttl`
  public AppRole appRole(String mount, String role, String policy, Map<String, ?> fields) {
    if (status("GET", "auth/" + mount + "/role?list=true", "") == 404
        && status("GET", "sys/auth/" + mount, "") != 200) {
      require("POST", "sys/auth/" + mount, "{\"type\":\"approle\"}");
    }
    Map<String, Object> body = new java.util.HashMap<>(fields);
    body.put("token_policies", List.of(policy));
    String path = "auth/" + mount + "/role/" + role;
    require("POST", path, JSON.writeValueAsString(body));
    return new AppRole(
        require("GET", path + "/role-id", "").at("/data/role_id").asString(),
        require("POST", path + "/secret-id", "{}").at("/data/secret_id").asString());
  }

  /// What an AppRole login takes.
  public record AppRole(String roleId, String secretId) {}

  /// Seals it; nobody has the key to unseal it again.
  public void seal() {
    require("PUT", "sys/seal", "");
    process.awaitReady(
        Duration.ofSeconds(20), () -> status("GET", "auth/token/lookup-self", "") == 503);
  }

  /// The body of an answer to the root token.
  ///
  /// @throws IllegalStateException if the status is not 2xx
  public JsonNode require(String method, String path, String body) {
    HttpResponse<String> response = send(method, path, body);
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
  }

  /// Ends the process, and with it all that it knew.
  public void stop() {
    process.close();
  }

  @Override
  public void close() {
    stop();
    client.close();
  }

  private int status(String method, String path, String body) {
    try {
      return send(method, path, body).statusCode();
    } catch (IllegalStateException e) {
      return -1;
    }
  }

  private HttpResponse<String> send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
            .header("X-Vault-Token", ROOT_TOKEN)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(20))
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String versioned(String path, String what) {
    return path.replaceFirst("/", "/" + what + "/");
  }
}
