package dev.tidewaiter.secrets.vault;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// One exchange's view of the HTTP client, with what the driver's `Rest` leaves out: a limit on the
/// whole exchange (the JDK's ends with the response's headers), a limit on the body's size, the
/// response's headers, and paths with characters beyond ASCII.
final class BoundedHttpClient extends HttpClient {
  private static final long MAX_BODY_BYTES = 4L << 20;

  private final HttpClient client;
  private final Duration limit;
  private volatile HttpHeaders headers = HttpHeaders.of(Map.of(), (name, value) -> true);

  BoundedHttpClient(HttpClient client, Duration limit) {
    this.client = client;
    this.limit = limit;
  }

  /// The headers of the response; none before there is one.
  HttpHeaders headers() {
    return headers;
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    URI ascii = URI.create(request.uri().toASCIIString());
    HttpRequest sent = HttpRequest.newBuilder(request, (name, value) -> true).uri(ascii).build();
    var exchange = client.sendAsync(sent, BodyHandlers.limiting(handler, MAX_BODY_BYTES));
    try {
      HttpResponse<T> response = exchange.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      headers = response.headers();
      return response;
    } catch (TimeoutException e) {
      var _ = exchange.cancel(true);
      throw new HttpTimeoutException("no complete response in " + limit);
    } catch (InterruptedException e) {
      var _ = exchange.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return client.sendAsync(request, handler);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
    return client.sendAsync(request, handler, pushes);
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }
}
