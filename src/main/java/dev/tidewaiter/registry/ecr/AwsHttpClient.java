package dev.tidewaiter.registry.ecr;

import dev.tidewaiter.registry.CloudHttp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/// The SDK's view of one [CloudHttp.Visit], with every request at its pace.
final class AwsHttpClient implements SdkHttpClient {
  /// What the JDK's client writes itself, from the address and the body.
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final CloudHttp.Visit visit;
  private final Pace pace;

  AwsHttpClient(CloudHttp.Visit visit, Pace pace) {
    this.visit = visit;
    this.pace = pace;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        HttpRequest sent = request(request);
        await(pace.reserve(visit.remaining()));
        return response(visit.send(sent));
      }

      // The visit's own time limit ends what takes too long.
      @Override
      public void abort() {}
    };
  }

  @Override
  public String clientName() {
    return "Jdk";
  }

  // The connections are the visit's.
  @Override
  public void close() {}

  private static HttpRequest request(HttpExecuteRequest execute) throws IOException {
    SdkHttpRequest request = execute.httpRequest();
    HttpRequest.Builder sent = HttpRequest.newBuilder(request.getUri());
    sent.method(request.method().name(), body(execute));
    try {
      request.forEachHeader(
          (name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
              values.forEach(value -> sent.header(name, value));
            }
          });
    } catch (IllegalArgumentException e) {
      // Without the cause, which quotes the header.
      throw new ProtocolException("a header cannot be sent");
    }
    return sent.build();
  }

  private static BodyPublisher body(HttpExecuteRequest execute) throws IOException {
    ContentStreamProvider provider = execute.contentStreamProvider().orElse(null);
    if (provider == null) {
      return BodyPublishers.noBody();
    }
    try (InputStream content = provider.newStream()) {
      return BodyPublishers.ofByteArray(content.readAllBytes());
    }
  }

  private static HttpExecuteResponse response(HttpResponse<byte[]> received) {
    var response = SdkHttpFullResponse.builder().statusCode(received.statusCode());
    received
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> response.appendHeader(name, value)));
    var body = AbortableInputStream.create(new ByteArrayInputStream(received.body()));
    return HttpExecuteResponse.builder().response(response.build()).responseBody(body).build();
  }

  private static void await(Duration wait) throws InterruptedIOException {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
