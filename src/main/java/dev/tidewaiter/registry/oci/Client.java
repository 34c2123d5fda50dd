package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.HttpProxy;
import java.util.Locale;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Makes the HTTP client of one question: one connection at a time, and none of what the library
/// does by itself. Redirects, credentials, cookies, retries and compression are decided by [Wire],
/// or not wanted.
final class Client {
  private static final String ARRIVED = "tidewaiter.arrived";
  private static final int MAX_LINE_BYTES = 8 << 10;
  private static final int MAX_HEADERS = 100;

  private Client() {}

  static CloseableHttpClient of(
      @Nullable HttpProxy proxy, CheckedNames names, TimedSockets sockets, TlsSocketStrategy tls) {
    return HttpClientBuilder.create()
        .setConnectionManager(connections(names, sockets, tls))
        .setRoutePlanner((target, _) -> route(target, proxy))
        .setUserAgent("tidewaiter")
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setAuthenticationEnabled(false)
                .setResponseTimeout(Timeout.of(Wire.STEP))
                .build())
        // An empty registry, or the library reads the list of public suffixes for each client.
        .setDefaultCookieSpecRegistry(RegistryBuilder.<CookieSpecFactory>create().build())
        .disableCookieManagement()
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableAuthCaching()
        .disableContentCompression()
        .addExecInterceptorBefore(
            ChainElement.MAIN_TRANSPORT.name(),
            "arrived",
            (request, scope, chain) -> {
              scope.clientContext.setAttribute(ARRIVED, true);
              return chain.proceed(request, scope);
            })
        .build();
  }

  /// Whether a request got as far as the server itself: what a proxy answers when it is asked for a
  /// tunnel, the library passes on as if the server had said it.
  static boolean hasArrived(HttpContext context) {
    return Boolean.TRUE.equals(context.getAttribute(ARRIVED));
  }

  private static BasicHttpClientConnectionManager connections(
      CheckedNames names, TimedSockets sockets, TlsSocketStrategy tls) {
    var http1 =
        Http1Config.custom()
            .setMaxLineLength(MAX_LINE_BYTES)
            .setMaxHeaderCount(MAX_HEADERS)
            .build();
    var manager =
        new BasicHttpClientConnectionManager(
            new DefaultHttpClientConnectionOperator(
                sockets,
                null,
                names,
                RegistryBuilder.<TlsSocketStrategy>create().register("https", tls).build()),
            ManagedHttpClientConnectionFactory.builder().http1Config(http1).build());
    manager.setConnectionConfig(
        ConnectionConfig.custom()
            .setConnectTimeout(Timeout.of(Wire.CONNECT))
            .setSocketTimeout(Timeout.of(Wire.STEP))
            .build());
    manager.setTlsConfig(TlsConfig.custom().setHandshakeTimeout(Timeout.of(Wire.CONNECT)).build());
    return manager;
  }

  private static HttpRoute route(HttpHost target, @Nullable HttpProxy proxy) {
    boolean secure = target.getSchemeName().toLowerCase(Locale.ROOT).equals("https");
    if (proxy == null || proxy.exempts(target.getHostName())) {
      return new HttpRoute(target, null, secure);
    }
    var through = new HttpHost("http", proxy.host(), proxy.port());
    return new HttpRoute(
        target,
        null,
        through,
        secure,
        RouteInfo.TunnelType.TUNNELLED,
        secure ? RouteInfo.LayerType.LAYERED : RouteInfo.LayerType.PLAIN);
  }
}
