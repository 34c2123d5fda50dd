package dev.tidewaiter.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// An HTTPS server that signs the tokens that a registry wants, as Docker Hub and most registries
/// have one: for one account and any repository but [#CLOSED], and for anybody else nothing.
///
/// Source: [token authentication](https://distribution.github.io/distribution/spec/auth/token/),
/// [its tokens](https://distribution.github.io/distribution/spec/auth/jwt/).
public final class TokenIssuer implements AutoCloseable {
  /// The repository for which the account has no rights.
  public static final String CLOSED = "demo/secret";

  private static final String ISSUER = "the issuer of a test";
  private static final String SERVICE = "a registry of a test";

  private final HttpsServer server;
  private final TestCertificates.Issued keys;
  private final Path authority;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile String account;

  private TokenIssuer(
      HttpsServer server, TestCertificates.Issued keys, Path authority, String account) {
    this.server = server;
    this.keys = keys;
    this.authority = authority;
    this.account = account;
  }

  /// Listens on a free port.
  ///
  /// @param keys for TLS and to sign with
  /// @param authority of its certificate
  /// @param account `user:password` that gets tokens
  public static TokenIssuer start(
      String host, TestCertificates.Issued keys, Path authority, String account) {
    try {
      HttpsServer server = HttpsServer.create(new InetSocketAddress(host, 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(keys.serverContext()));
      var tokens = new TokenIssuer(server, keys, authority, account);
      server.setExecutor(tokens.threads);
      server.createContext("/token", tokens::answer);
      server.start();
      return tokens;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From now on another account gets tokens, and this one none any more.
  public void replaceAccount(String next) {
    account = next;
  }

  /// Lines of a registry's `auth`.
  String settings() {
    InetSocketAddress address = server.getAddress();
    return "auth:\n  token:\n    realm: https://%s:%d/token\n    service: %s\n    issuer: %s\n    rootcertbundle: %s\n"
        .formatted(address.getHostString(), address.getPort(), SERVICE, ISSUER, authority);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String basic = Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8));
      boolean known =
          ("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("Authorization"));
      String query = exchange.getRequestURI().getRawQuery();
      String json =
          known
              ? "{\"token\":\"" + token(query == null ? "" : query) + "\"}"
              : "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}";
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(known ? 200 : 401, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String token(String query) {
    long now = Instant.now().getEpochSecond();
    String claims =
        "{\"iss\":\"%s\",\"sub\":\"puller\",\"aud\":\"%s\",\"iat\":%d,\"nbf\":%d,\"exp\":%d,\"jti\":\"1\",\"access\":[%s]}"
            .formatted(ISSUER, SERVICE, now, now - 60, now + 60, access(query));
    try {
      byte[] certificate = keys.keyStore().getCertificate("issued").getEncoded();
      String header =
          "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"x5c\":[\"%s\"]}"
              .formatted(Base64.getEncoder().encodeToString(certificate));
      String signed = url(header) + "." + url(claims);
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign((PrivateKey) keys.keyStore().getKey("issued", keys.password()));
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + url(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no token", e);
    }
  }

  // Every `scope` of the query, which is `type:name:action,...`.
  private static String access(String query) {
    return Arrays.stream(query.split("&", -1))
        .filter(pair -> pair.startsWith("scope="))
        .map(pair -> URLDecoder.decode(pair.substring("scope=".length()), StandardCharsets.UTF_8))
        .map(scope -> scope.split(":", 3))
        .filter(parts -> parts.length == 3 && !parts[1].equals(CLOSED))
        .map(
            parts ->
                "{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[\"%s\"]}"
                    .formatted(parts[0], parts[1], parts[2].replace(",", "\",\"")))
        .collect(Collectors.joining(","));
  }

  private static String url(String text) {
    return url(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
