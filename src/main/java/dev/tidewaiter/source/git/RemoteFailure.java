package dev.tidewaiter.source.git;

import dev.tidewaiter.source.SourceException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.jspecify.annotations.Nullable;

/// Why a conversation with the server failed, in a sentence and a line with what to do.
final class RemoteFailure {
  private RemoteFailure() {}

  static SourceException of(URI url, Answers answers, Throwable failure) {
    String reason = reason(answers, failure);
    Throwable cause = answers.endedAfter() == null ? failure : endless(failure);
    return new SourceException(shown(url) + ": " + reason, cause);
  }

  private static TimeoutException endless(Throwable failure) {
    var endless = new TimeoutException("the conversation was ended");
    endless.initCause(failure);
    return endless;
  }

  /// A URL as it may be shown: without user, query and fragment.
  static String shown(URI url) {
    if (url.getHost() == null) {
      return url.getScheme() + "://" + url.getPath();
    }
    try {
      return new URI(url.getScheme(), null, url.getHost(), url.getPort(), url.getPath(), null, null)
          .toString();
    } catch (URISyntaxException e) {
      return url.getScheme() + "://" + url.getHost();
    }
  }

  private static String reason(Answers answers, Throwable failure) {
    Duration limit = answers.endedAfter();
    if (limit != null) {
      return "the server was still answering after %d s, and was not listened to any longer"
          .formatted(limit.toSeconds());
    }
    String network = network(failure);
    if (network != null) {
      return network;
    }
    return switch (answers.hostKey()) {
      case REFUSED ->
          "the server's host key is not in the known hosts, so nothing was sent\n"
              + "  Write the key of the right server there; a key that changed may be an attack.";
      case ACCEPTED -> afterHostKey(failure);
      case NOT_SEEN -> http(answers.httpStatus(), failure);
    };
  }

  private static @Nullable String network(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException _ -> {
          return "the host name is not known";
        }
        case ConnectException _, NoRouteToHostException _ -> {
          return "no connection to the server";
        }
        case SocketTimeoutException _ -> {
          return "the server did not answer in time";
        }
        case SSLException _ -> {
          return "the server's certificate is not trusted for this host\n"
              + "  Name the authority that signed it under `tls.ca`.";
        }
        default -> {}
      }
    }
    return null;
  }

  private static String afterHostKey(Throwable failure) {
    return isMissing(failure)
        ? "the server has no such repository, or hides it from this key"
        : "the server did not accept the SSH key, or ended the connection\n"
            + "  Allow the key to read the repository.";
  }

  private static String http(int status, Throwable failure) {
    return switch (status) {
      case 401, 403 ->
          "the server denied access (%d)\n  Check the token and that it may read the repository."
              .formatted(status);
      case 404 -> "the server has no such repository, or hides it from this login (404)";
      case 407 -> "the proxy wants a login (407)";
      case 0 ->
          isMissing(failure) ? "there is no such repository" : "the repository cannot be read";
      default ->
          status < 400
              ? "the conversation with the server broke off"
              : "the server is not available (%d)".formatted(status);
    };
  }

  private static boolean isMissing(Throwable failure) {
    return failure instanceof NoRemoteRepositoryException
        || failure instanceof NotSupportedException;
  }
}
