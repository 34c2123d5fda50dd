package dev.tidewaiter.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// AWS in memory: IAM, STS and ECR of any account, with policies and signatures checked.
///
/// What moto does otherwise than AWS, [AwsFront] puts right; talk to that.
public final class MotoServer implements AutoCloseable {
  private static final String NO_ACCOUNT = "000000000000";

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;
  private final ServerProcess process;

  private MotoServer(int port, ServerProcess process) {
    this.port = port;
    this.process = process;
  }

  /// Starts one on a free port, with its log in `directory`.
  public static MotoServer start(Path directory) {
    int port = TestBed.freePort();
    var builder =
        new ProcessBuilder(
            TestBed.binary("moto").toString(), "-H", "127.0.0.1", "-p", String.valueOf(port));
    var process = ServerProcess.start("moto", builder, directory.resolve("moto.log"));
    var server = new MotoServer(port, process);
    process.awaitReady(
        Duration.ofSeconds(60), () -> server.status("moto-api/reset-auth", "0") == 200);
    return server;
  }

  int port() {
    return port;
  }

  /// A key, as IAM hands it out.
  public record AccessKey(String id, String secret) {}

  /// Makes a user with one policy of its own.
  public AccessKey user(String account, String name, String policy) {
    asRoot(account, Map.of("Action", "CreateUser", "UserName", name));
    String reply = asRoot(account, Map.of("Action", "CreateAccessKey", "UserName", name));
    asRoot(
        account,
        Map.of(
            "Action",
            "PutUserPolicy",
            "UserName",
            name,
            "PolicyName",
            "own",
            "PolicyDocument",
            policy));
    return new AccessKey(element(reply, "AccessKeyId"), element(reply, "SecretAccessKey"));
  }

  /// Makes a role with one policy of its own.
  ///
  /// @return its ARN
  public String role(String account, String name, String policy) {
    String anybody =
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}""";
    String reply =
        asRoot(
            account,
            Map.of("Action", "CreateRole", "RoleName", name, "AssumeRolePolicyDocument", anybody));
    asRoot(
        account,
        Map.of(
            "Action",
            "PutRolePolicy",
            "RoleName",
            name,
            "PolicyName",
            "own",
            "PolicyDocument",
            policy));
    return element(reply, "Arn");
  }

  /// From now on anybody may do everything, unsigned.
  void checkNothing() {
    send("moto-api/reset-auth", "inf", NO_ACCOUNT);
  }

  void checkEverything() {
    send("moto-api/reset-auth", "0", NO_ACCOUNT);
  }

  @Override
  public void close() {
    process.close();
    client.close();
  }

  /// Asks IAM while nothing is checked.
  private String asRoot(String account, Map<String, String> parameters) {
    checkNothing();
    String form =
        new TreeMap<>(parameters)
            .entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&", "Version=2010-05-08&", ""));
    HttpResponse<String> response = send("", form, account);
    checkEverything();
    if (response.statusCode() != 200) {
      throw new IllegalStateException(parameters + ": " + response.body());
    }
    return response.body();
  }

  private int status(String path, String body) {
    try {
      return send(path, body, NO_ACCOUNT).statusCode();
    } catch (IllegalStateException e) {
      return -1;
    }
  }

  private HttpResponse<String> send(String path, String body, String account) {
    String scope = "AKIAROOT/20260101/us-east-1/iam/aws4_request";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
            .header(
                "Content-Type", path.isEmpty() ? "application/x-www-form-urlencoded" : "text/plain")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + scope + ", SignedHeaders=host, Signature=0")
            .header("x-moto-account-id", account)
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("moto", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String element(String xml, String name) {
    Matcher matcher = Pattern.compile("<" + name + ">([^<]+)</" + name + ">").matcher(xml);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + name + " in moto's reply");
    }
    return matcher.group(1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
