package dev.tidewaiter.secrets.vault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What came of one exchange with Vault.
sealed interface Reply {
  /// There was a response.
  ///
  /// @param body a missing node if it was not JSON; never to be shown
  /// @param retryAfter what the server asked for; null if it asked for nothing
  record Answered(int status, JsonNode body, @Nullable Duration retryAfter) implements Reply {
    /// Whether the body has Vault's form of an error: without it, a proxy on the way may have
    /// answered, and the status says nothing about the secret.
    boolean isVaultsError() {
      return body.path("errors").isArray();
    }

    /// Whether this is how Vault says that nothing is at a path: a 404 without errors and without
    /// warnings. Any other 404 is said by somebody who does not know, such as a proxy.
    boolean saysThatNothingIsThere() {
      return status == 404
          && isVaultsError()
          && body.path("errors").isEmpty()
          && body.path("warnings").isEmpty();
    }

    @Override
    public String toString() {
      return "Answered[status=" + status + "]";
    }
  }

  /// There was none.
  enum Silence implements Reply {
    UNREACHABLE("cannot be reached"),
    TIMED_OUT("did not answer in time"),
    TLS_FAILED(
        "was not reached: the TLS handshake failed. Check `vault.ca`, the address, and the client"
            + " certificate if there is one"),
    CUT("closed the connection before it had answered"),
    CA_UNUSABLE("was not asked: the file of `vault.ca` cannot be read or holds no certificate"),
    CERTIFICATE_UNUSABLE(
        "was not asked: the files of `vault.auth.certificate` cannot be read, or are not a"
            + " certificate and its key in PEM form without a pass phrase"),
    INTERRUPTED("was not asked: the daemon is stopping");

    private final String words;

    Silence(String words) {
      this.words = words;
    }

    /// What it means, after the word Vault.
    String words() {
      return words;
    }

    /// Whether every other request would meet the same.
    boolean concernsAll() {
      return this != TIMED_OUT && this != CUT;
    }
  }
}
