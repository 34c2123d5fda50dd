package dev.tidewaiter.target.kubernetes;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// Makes what connections are encrypted with, for connections that agree on HTTP/2 and for those
/// that do not.
///
/// All cipher suites that Java enables, but ChaCha20 before AES: the daemon runs with C1 alone,
/// which has no use for the processor's instructions for AES-GCM, and takes three times as long for
/// it.
final class TlsContexts implements SslContextFactory {
  private final SslContextFactory given;
  private final String[] protocols;
  private boolean negotiates;
  private List<String> applicationProtocols = List.of();

  /// @param given by fabric8, with the certificates
  /// @param protocols versions of TLS
  TlsContexts(SslContextFactory given, String[] protocols) {
    this.given = given;
    this.protocols = protocols;
  }

  @Override
  public SslContextFactory useAlpn(boolean negotiates) {
    this.negotiates = negotiates;
    return this;
  }

  @Override
  public SslContextFactory applicationProtocols(List<String> applicationProtocols) {
    this.applicationProtocols = List.copyOf(applicationProtocols);
    return this;
  }

  @Override
  public SslContext create() throws SSLException {
    if (!(given.create() instanceof JdkSslContext jdk)) {
      throw new IllegalStateException("fabric8 gives Java's own TLS");
    }
    SSLContext context = jdk.context();
    return new JdkSslContext(
        context,
        true,
        suites(context),
        IdentityCipherSuiteFilter.INSTANCE,
        negotiation(),
        ClientAuth.NONE,
        protocols,
        false);
  }

  private static List<String> suites(SSLContext context) {
    return Arrays.stream(context.getDefaultSSLParameters().getCipherSuites())
        .sorted(Comparator.comparing(suite -> !suite.contains("CHACHA20")))
        .toList();
  }

  private ApplicationProtocolConfig negotiation() {
    return negotiates
        ? new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            applicationProtocols)
        : ApplicationProtocolConfig.DISABLED;
  }
}
