package dev.tidewaiter.intake.trust;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Keeps the certificates of a handshake, and judges none: the connection carries nothing and is
/// closed when the handshake is over.
///
/// Of the extended kind, because the JDK would add its own judgement to any other.
final class Recorder extends X509ExtendedTrustManager {
  private volatile List<X509Certificate> chain = List.of();

  /// Empty before they came.
  List<X509Certificate> chain() {
    return chain;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] presented, String authType) {
    chain = List.of(presented);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] presented, String authType, Socket socket) {
    checkServerTrusted(presented, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] presented, String authType, SSLEngine engine) {
    checkServerTrusted(presented, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] presented, String authType)
      throws CertificateException {
    throw new CertificateException("there are no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] presented, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(presented, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] presented, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(presented, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
