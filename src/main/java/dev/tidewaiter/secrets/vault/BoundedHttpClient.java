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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
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
/// response's headers, and paths that arrive exactly as they are written.
final class BoundedHttpClient extends HttpClient {
  private static final long MAX_BODY_BYTES = 4L << 20;

  /// What stands for itself in a path.
  ///
  /// Source: [RFC 3986, 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

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
    HttpRequest sent =
        HttpRequest.newBuilder(request, (name, value) -> true).uri(encoded(request.uri())).build();
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

  /// The path in UTF-8, with everything encoded that means something to anybody.
  /// [URI#toASCIIString] is of no use: it normalises, and so asks for another path than the one
  /// that was compared with what is allowed.
  private static URI encoded(URI uri) {
    var text = new StringBuilder(uri.getScheme() + "://" + uri.getRawAuthority());
    for (byte b : uri.getPath().getBytes(StandardCharsets.UTF_8)) {
      if (PLAIN.indexOf(b) >= 0) {
        text.append((char) b);
      } else {
        text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return URI.create(uri.getRawQuery() == null ? text.toString() : text + "?" + uri.getRawQuery());
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
