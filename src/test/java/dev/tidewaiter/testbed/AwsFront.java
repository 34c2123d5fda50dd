package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// AWS with its own clock and its faults, before a [MotoServer].
///
/// It does what moto leaves out: tokens live twelve hours by the front's clock, a signature is
/// refused if its date is more than five minutes off, a role wants its external id, errors have
/// AWS's form and quote what was asked, and there is an ECR Public, which takes any key. Each
/// connection serves one request; they reach moto byte by byte, because they are signed.
public final class AwsFront implements AutoCloseable {
  /// The password that ECR Public hands out.
  public static final String PUBLIC_PASSWORD = "token-of-ecr-public";

  private static final Duration CLOCKS_AGREE = Duration.ofMinutes(5);
  private static final Duration LIFE = Duration.ofHours(12);
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final MotoServer moto;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<AwsRequest> requests = new CopyOnWriteArrayList<>();
  private final Map<String, String> externalIds = new ConcurrentHashMap<>();
  private volatile Fault fault = new Fault.None();
  private volatile Duration ahead = Duration.ZERO;

  /// What goes wrong, from now on.
  public sealed interface Fault {
    record None() implements Fault {}

    /// An answer in moto's place.
    ///
    /// @param action which it concerns
    /// @param headers further lines, each with its end
    record Answer(String action, int status, String headers, String body) implements Fault {}

    /// An error in AWS's form.
    record Refusal(String action, int status, String code) implements Fault {}

    /// A body that does not end.
    record Endless(String action) implements Fault {}

    /// No answer at all, while the connection stays.
    record Silence(String action) implements Fault {}
  }

  private AwsFront(MotoServer moto) throws IOException {
    this.moto = moto;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public static AwsFront before(MotoServer moto) {
    try {
      return new AwsFront(moto);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  public void become(Fault next) {
    fault = next;
  }

  /// Sets AWS's clock before that of this machine, or behind it.
  public void setClockAhead(Duration by) {
    ahead = by;
  }

  /// A role that is given only to those who know an external id.
  public void requireExternalId(String role, String externalId) {
    externalIds.put(role, externalId);
  }

  public List<AwsRequest> requests() {
    return List.copyOf(requests);
  }

  /// How many requests there were for an action.
  public long count(String action) {
    return requests.stream().filter(request -> request.action().equals(action)).count();
  }

  /// Becomes as it was when it started, but for roles.
  public void reset() {
    fault = new Fault.None();
    ahead = Duration.ZERO;
    requests.clear();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (!listening.isClosed()) {
        Socket client = listening.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      AwsRequest request = AwsRequest.read(client.getInputStream());
      requests.add(request);
      switch (fault) {
        case Fault.Answer(String action, int status, String headers, String body)
            when request.is(action) ->
            write(client, status, headers, body);
        case Fault.Refusal(String action, int status, String code) when request.is(action) ->
            error(client, request, status, code);
        case Fault.Endless(String action) when request.is(action) -> endless(client);
        case Fault.Silence(String action) when request.is(action) ->
            // Until the client has had enough.
            client.getInputStream().read();
        case Fault _ -> answer(client, request);
      }
    } catch (IOException e) {
      // The client went away.
    } finally {
      open.remove(client);
    }
  }

  private void answer(Socket client, AwsRequest request) throws IOException {
    String wanted = externalIds.get(request.parameter("RoleArn"));
    if (isOffTheClock(request)) {
      error(client, request, request.isJson() ? 400 : 403, "SignatureDoesNotMatch");
    } else if (request.is("AssumeRole")
        && wanted != null
        && !wanted.equals(request.parameter("ExternalId"))) {
      error(client, request, 403, "AccessDenied");
    } else if (request.target().startsWith("SpencerFrontendService")) {
      String token = AwsRequest.basic("AWS", PUBLIC_PASSWORD);
      write(
          client,
          200,
          "Content-Type: application/x-amz-json-1.1\r\n",
          "{\"authorizationData\":{\"authorizationToken\":\"%s\",\"expiresAt\":%d}}"
              .formatted(token, expiry()));
    } else {
      pass(client, request);
    }
  }

  private boolean isOffTheClock(AwsRequest request) {
    String date = request.header("x-amz-date");
    return !date.isEmpty()
        && Duration.between(Instant.from(SIGNED.parse(date)), now()).abs().compareTo(CLOCKS_AGREE)
            > 0;
  }

  private void pass(Socket client, AwsRequest request) throws IOException {
    String reply = request.header("authorization").isEmpty() ? passUnsigned(request) : ask(request);
    int status = Integer.parseInt(reply.substring(9, 12));
    String body = reply.substring(reply.indexOf("\r\n\r\n") + 4);
    if (status == 200) {
      write(client, 200, "", body.replaceFirst("(\"expiresAt\": ?)[0-9.]+", "$1" + expiry()));
    } else {
      String code = body.replaceFirst("(?s).*<Code>([^<]*)</Code>.*", "$1");
      error(client, request, request.isJson() ? 400 : status, code);
    }
  }

  // Who has no signature yet shows a web identity instead; moto knows no such thing.
  private synchronized String passUnsigned(AwsRequest request) throws IOException {
    moto.checkNothing();
    try {
      return ask(request);
    } finally {
      moto.checkEverything();
    }
  }

  private String ask(AwsRequest request) throws IOException {
    try (var upstream = new Socket(InetAddress.getLoopbackAddress(), moto.port())) {
      upstream.getOutputStream().write(request.raw());
      return new String(upstream.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private long expiry() {
    return now().plus(LIFE).getEpochSecond();
  }

  private Instant now() {
    return Instant.now().plus(ahead);
  }

  // The same error has another name in JSON.
  private void error(Socket client, AwsRequest request, int status, String code)
      throws IOException {
    String quoted = "as asked by " + request.header("authorization").replaceAll("[\"<&\\\\]", "?");
    if (!request.isJson()) {
      write(
          client,
          status,
          "Content-Type: text/xml\r\n",
          ("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
                  + "<Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>"
                  + "<RequestId>0</RequestId></ErrorResponse>")
              .formatted(code, quoted));
      return;
    }
    String name =
        switch (code) {
          case "AccessDenied" -> "AccessDeniedException";
          case "InvalidClientTokenId" -> "UnrecognizedClientException";
          case "SignatureDoesNotMatch" -> "InvalidSignatureException";
          default -> code;
        };
    write(
        client,
        status,
        "Content-Type: application/x-amz-json-1.1\r\n",
        "{\"__type\":\"%s\",\"message\":\"%s\"}".formatted(name, quoted));
  }

  private void write(Socket client, int status, String headers, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %d As Given\r\nDate: %s\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n"
            .formatted(status, DATE.format(now()), bytes.length, headers);
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().write(bytes);
  }

  private static void endless(Socket client) throws IOException {
    String head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\":\"";
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    byte[] more = "a".repeat(1_024).getBytes(StandardCharsets.US_ASCII);
    while (!client.isClosed()) {
      client.getOutputStream().write(more);
    }
  }
}
