package dev.tidewaiter.target.kubernetes;

import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Requests to one API server: at most 64 in flight, each answered within 20 seconds.
///
/// fabric8's own repetition is switched off, because it repeats writes whose effect is not known.
/// Only a 429 with `Retry-After` is repeated here, which the server promises not to have acted on.
final class Api implements AutoCloseable {
  /// A third of the writes that an API server takes at a time by default
  /// ([kube-apiserver](https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/),
  /// `--max-mutating-requests-inflight`).
  private static final int IN_FLIGHT = 64;

  private static final Duration LIMIT = Duration.ofSeconds(20);

  /// client-go repeats up to ten times
  /// ([with_retry.go](https://github.com/kubernetes/client-go/blob/master/rest/with_retry.go));
  /// here the next cycle does.
  private static final int ATTEMPTS = 3;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final Connection connection;
  private final Semaphore permits = new Semaphore(IN_FLIGHT);

  Api(Connection connection) {
    this.connection = connection;
  }

  /// Sends a request and waits for the answer, whatever it is.
  ///
  /// @throws ApiException if there is none
  Reply send(Call call) throws ApiException {
    return send(call, call.toString());
  }

  private Reply send(Call call, String what) throws ApiException {
    for (int attempt = 1; ; attempt++) {
      Reply reply = once(call, what);
      if (reply.code() == 401 && connection.refused() && attempt < ATTEMPTS) {
        continue;
      }
      Duration wait = reply.retryAfter();
      if (reply.code() != 429
          || wait == null
          || wait.compareTo(LONGEST_WAIT) > 0
          || attempt == ATTEMPTS) {
        return reply;
      }
      pause(what, wait);
    }
  }

  /// Reads an object.
  ///
  /// @param what verb and resource, for the message
  JsonNode read(String path, String what) throws ApiException {
    return send(Call.get(path), what).orThrow(what);
  }

  /// Opens a watch.
  ///
  /// By WebSocket, which the API server offers for every watch; fabric8's mock offers nothing else.
  WatchStream watch(String path, String what) throws ApiException {
    var stream = new WatchStream(what);
    try (Link link = connection.link()) {
      var opening = link.http().newWebSocketBuilder().uri(URI.create(link.address() + path));
      await(opening.buildAsync(stream), what);
      return stream;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refusal) {
        throw refused(what, refusal.getResponse(), refusal);
      }
      throw ApiException.unanswered(what, cause(e));
    } catch (UncheckedIOException e) {
      throw ApiException.unconnected(what, cause(e));
    } catch (IOException e) {
      throw ApiException.unconnected(what, e);
    }
  }

  private ApiException refused(
      String what, @Nullable HttpResponse<?> response, WebSocketHandshakeException refusal) {
    if (response != null && response.code() == 401) {
      connection.refused();
    }
    return response == null
        ? ApiException.unanswered(what, refusal)
        : ApiException.refused(
            what, response.code(), "", retryAfter(response.header("Retry-After")));
  }

  private Reply once(Call call, String what) throws ApiException {
    try (Link link = connection.link()) {
      Exchange.Answer answer = answer(link, call, what);
      byte[] body = answer.body().getBytes();
      JsonNode tree = body.length == 0 ? MissingNode.getInstance() : Json.parse(body);
      return new Reply(answer.code(), retryAfter(answer.retryAfter()), tree);
    } catch (ExecutionException e) {
      throw cause(e) instanceof Exchange.TooLargeException
          ? ApiException.tooLarge(what, Exchange.LARGEST)
          : ApiException.unanswered(what, cause(e));
    } catch (UncheckedIOException e) {
      // The token could not be read.
      throw ApiException.unconnected(what, cause(e));
    } catch (IOException e) {
      throw ApiException.unconnected(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.unanswered(what, e);
    }
  }

  // All requests share a connection, and an API server may end it: after a 401, and now and then to
  // spread its clients. To read again is safe; whether to write again is decided where the effect
  // is known.
  private Exchange.Answer answer(Link link, Call call, String what)
      throws ApiException, ExecutionException, InterruptedException {
    Exchange.Request request = link.exchange().request(call, LIMIT);
    try {
      return exchange(link, request, what);
    } catch (ExecutionException e) {
      if (call.method().equals("GET") && wasCutOff(cause(e))) {
        return exchange(link, request, what);
      }
      throw e;
    }
  }

  private static boolean wasCutOff(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return false;
      }
    }
    return failure instanceof IOException;
  }

  // The permit is held while a request is out, and not while it is written or its answer is read.
  private Exchange.Answer exchange(Link link, Exchange.Request request, String what)
      throws ApiException, ExecutionException, InterruptedException {
    permits.acquire();
    try {
      return await(link.exchange().send(request), what);
    } finally {
      permits.release();
    }
  }

  private static <T> T await(CompletableFuture<T> answer, String what)
      throws ApiException, ExecutionException {
    try {
      return answer.get(LIMIT.toMillis() + 2_000, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw ApiException.unanswered(what, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw ApiException.unanswered(what, e);
    }
  }

  private static Throwable cause(Exception e) {
    return e.getCause() == null ? e : e.getCause();
  }

  /// Kubernetes sends seconds, never a date.
  private static @Nullable Duration retryAfter(@Nullable String seconds) {
    return seconds != null && seconds.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : null;
  }

  private static void pause(String what, Duration wait) throws ApiException {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.unanswered(what, e);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
