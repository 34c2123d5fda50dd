package dev.tidewaiter.registry.oci;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/// Why there is no reply, in words. The exceptions' own are not used: a library's may quote what
/// was received.
final class Breakdown {
  private Breakdown() {}

  static String of(IOException failure, Wire wire) {
    if (wire.isTimeOver()) {
      return "no complete answer in time";
    }
    return switch (failure) {
      case Wire.NoReply own -> String.valueOf(own.getMessage());
      case CheckedNames.Denied _, CheckedNames.DeniedName _ ->
          "its address is link-local, a cloud's metadata service or in a denied network, to which no"
              + " probe connects";
      case UnknownHostException _ -> "its name does not resolve";
      case SocketTimeoutException _ -> "no answer in time";
      case SSLException tls ->
          isOfCertificate(tls) ? "its certificate is not trusted" : "there is no TLS with it";
      case ConnectException _ -> "it accepts no connection";
      default -> "the connection broke, or what came is not HTTP";
    };
  }

  private static boolean isOfCertificate(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }
}
