package dev.tidewaiter.target.kubernetes;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.spi.resolver.ResolverProvider;
import io.vertx.core.spi.tls.SslContextFactory;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How fabric8's client speaks to an API server: by HTTP/2 where the server offers it, with all
/// requests on one connection, and on one thread.
///
/// That is what writing many objects at once takes least of the processors with, on both sides. A
/// WebSocket has a connection of its own, by HTTP/1.1.
final class Transport extends VertxHttpClientFactory {
  /// A connection on which nothing came for so long is dead, or was not needed. By HTTP/1.1 each
  /// request that was not answered would end its connection; this one would take further requests
  /// until TCP gives up, which takes a quarter of an hour.
  private static final Duration SILENCE = Follower.SILENCE;

  /// How Vert.x names its handler.
  private static final String TLS = "ssl";

  private static final int MOST_GATHERED = 32;
  private static final int STREAM_WINDOW = 256 << 10;
  private static final int CONNECTION_WINDOW = 1 << 20;

  private final Vertx vertx;
  private final boolean encrypted;
  private @Nullable HttpClient requests;

  Transport(Vertx vertx, boolean encrypted) {
    super(vertx);
    this.vertx = vertx;
    this.encrypted = encrypted;
  }

  /// The client for requests, after fabric8 has made its own, which is left to watches. Closed with
  /// what it runs on.
  HttpClient requests() {
    return Objects.requireNonNull(requests, "fabric8 asks for the configuration of each client");
  }

  /// What a transport runs on; who opens it closes it.
  ///
  /// Made as fabric8 makes its own, but with one event loop: with more, each answer is handed from
  /// the connection's loop to another.
  static Vertx open() {
    String name = ResolverProvider.DISABLE_DNS_RESOLVER_PROP_NAME;
    String before = System.getProperty(name);
    // Read while it is made, and only there: names are looked up as everywhere in the daemon.
    System.setProperty(name, "true");
    try {
      return Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(1)
              .setUseDaemonThread(true)
              .setFileSystemOptions(
                  new FileSystemOptions()
                      .setFileCachingEnabled(false)
                      .setClassPathResolvingEnabled(false)));
    } finally {
      if (before == null) {
        System.clearProperty(name);
      } else {
        System.setProperty(name, before);
      }
    }
  }

  /// Called by fabric8 for each client.
  @Override
  protected void additionalConfig(WebClientOptions options) {
    // Without TLS there is nothing to agree on, and HTTP/1.1 it is.
    if (encrypted && options.getSslEngineOptions() instanceof JdkSSLEngineOptions given) {
      encrypt(options, given);
    }
    requests =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(options.getPoolOptions())
            .withConnectHandler(Transport::gather)
            .build();
  }

  /// Lets requests that are ready together leave together: encrypted and written at once, which
  /// takes as much of the processors for many as for one.
  private static void gather(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      ChannelPipeline pipeline = base.channelHandlerContext().pipeline();
      if (pipeline.get(TLS) != null) {
        pipeline.addAfter(TLS, "gathering", new FlushConsolidationHandler(MOST_GATHERED, true));
      }
    }
  }

  private static void encrypt(WebClientOptions options, JdkSSLEngineOptions given) {
    String[] protocols = options.getEnabledSecureTransportProtocols().toArray(String[]::new);
    options
        .setUseAlpn(true)
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setHttp2MaxPoolSize(1)
        .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW))
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
        .setReadIdleTimeout((int) SILENCE.toSeconds())
        .setSslEngineOptions(new Engine(given.sslContextFactory(), protocols));
  }

  /// The JDK's TLS, with what a client of fabric8 trusts and shows.
  private static final class Engine extends JdkSSLEngineOptions {
    private final SslContextFactory given;
    private final String[] protocols;

    Engine(SslContextFactory given, String[] protocols) {
      this.given = given;
      this.protocols = protocols;
      // Else each record is given a new array of 16 KiB.
      setPooledHeapBuffers(true);
    }

    @Override
    public JdkSSLEngineOptions copy() {
      return this;
    }

    @Override
    public SslContextFactory sslContextFactory() {
      return new TlsContexts(given, protocols);
    }
  }
}
