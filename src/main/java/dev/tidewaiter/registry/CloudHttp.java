package dev.tidewaiter.registry;

import dev.tidewaiter.model.HttpProxy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The way to the clouds: the JDK's HTTP client, through the declared proxy, bounded in time and in
/// size. Redirects are not followed.
///
/// Safe for use by many threads. Nothing is opened before the first request.
public final class CloudHttp implements AutoCloseable {
  /// Of one response's body. The longest that the clouds send, a session of AWS STS, has 2 KiB.
  private static final int MAX_BODY_BYTES = 64 << 10;

  private final Route route;
  private final LongSupplier nanos;
  private @Nullable HttpClient direct;
  private @Nullable HttpClient proxied;

  /// @param nanos a monotonic clock in nanoseconds
  public CloudHttp(Route route, LongSupplier nanos) {
    this.route = route;
    this.nanos = nanos;
  }

  /// How the clouds are reached.
  ///
  /// @param proxy null to connect directly
  /// @param tls null for the JDK's own trust
  /// @param connectLimit until there is a connection
  /// @param limit for all requests of one [Visit]
  public record Route(
      @Nullable HttpProxy proxy, @Nullable SSLContext tls, Duration connectLimit, Duration limit) {
    /// With the time limits of the design: 5 s to connect, 15 s in all.
    public static Route through(@Nullable HttpProxy proxy) {
      return new Route(proxy, null, Duration.ofSeconds(5), Duration.ofSeconds(15));
    }

    /// Link-local addresses are never reached through a proxy: what answers there, such as a
    /// metadata server, speaks to this machine alone.
    boolean isDirect(String host) {
      return proxy == null || host.startsWith("169.254.") || proxy.exempts(host);
    }
  }

  /// Begins the requests of one mint, and with them their common time limit.
  public Visit visit() {
    return new Visit(nanos.getAsLong());
  }

  @Override
  public synchronized void close() {
    if (direct != null) {
      direct.shutdownNow();
    }
    if (proxied != null) {
      proxied.shutdownNow();
    }
  }

  /// The requests of one mint. For use by one thread.
  public final class Visit {
    private final long start;

    private Visit(long start) {
      this.start = start;
    }

    /// What is left of the time limit; never negative.
    public Duration remaining() {
      Duration left = route.limit().minusNanos(nanos.getAsLong() - start);
      return left.isNegative() ? Duration.ZERO : left;
    }

    /// Sends a request by the way that its host asks for.
    ///
    /// @throws InterruptedIOException with the thread's interrupt flag set again
    /// @throws IOException if there is no complete response in time, or a body over 64 KiB
    public HttpResponse<byte[]> send(HttpRequest request) throws IOException {
      return exchange(client(request.uri().getHost()), request);
    }

    /// Sends a request past any proxy: to a metadata server.
    ///
    /// @throws IOException as for [#send]
    public HttpResponse<byte[]> sendDirectly(HttpRequest request) throws IOException {
      return exchange(direct(), request);
    }

    private HttpResponse<byte[]> exchange(HttpClient client, HttpRequest request)
        throws IOException {
      Duration left = remaining();
      if (left.isZero()) {
        throw new HttpTimeoutException("nothing is left of " + route.limit());
      }
      var handler = BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY_BYTES);
      var exchange = client.sendAsync(request, handler);
      try {
        return exchange.get(left.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        var _ = exchange.cancel(true);
        throw new HttpTimeoutException("no complete response in " + route.limit());
      } catch (InterruptedException e) {
        var _ = exchange.cancel(true);
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
      }
    }
  }

  private HttpClient client(String host) {
    return route.isDirect(host) ? direct() : proxied();
  }

  private synchronized HttpClient direct() {
    HttpClient open = direct;
    if (open == null) {
      open = open(HttpClient.Builder.NO_PROXY);
      direct = open;
    }
    return open;
  }

  private synchronized HttpClient proxied() {
    HttpClient open = proxied;
    if (open == null) {
      HttpProxy proxy = route.proxy();
      if (proxy == null) {
        throw new IllegalStateException("without a proxy every host is direct");
      }
      open = open(ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
      proxied = open;
    }
    return open;
  }

  private HttpClient open(ProxySelector selector) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(route.connectLimit())
            .proxy(selector);
    return route.tls() == null ? builder.build() : builder.sslContext(route.tls()).build();
  }
}
