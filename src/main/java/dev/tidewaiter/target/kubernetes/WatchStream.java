package dev.tidewaiter.target.kubernetes;

import io.fabric8.kubernetes.client.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The events of one open watch, one at a time: the next is asked for when the last was taken, so a
/// burst waits in the server and not here.
final class WatchStream implements WebSocket.Listener, AutoCloseable {
  private static final String END = "";

  private final String what;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private volatile @Nullable WebSocket socket;
  private volatile boolean ended;

  WatchStream(String what) {
    this.what = what;
  }

  /// The next event.
  ///
  /// @return empty if none came within the limit
  /// @throws ApiException if the watch has ended; the server ends each in its time
  Optional<JsonNode> next(Duration limit) throws ApiException, InterruptedException {
    String message = messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (message == null) {
      return Optional.empty();
    }
    if (message.equals(END)) {
      throw ApiException.refused(what, 0, "the watch ended", null);
    }
    WebSocket open = socket;
    if (open != null) {
      open.request();
    }
    return Optional.of(Json.parse(message));
  }

  @Override
  public void onOpen(WebSocket webSocket) {
    socket = webSocket;
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    messages.add(text);
  }

  @Override
  public void onMessage(WebSocket webSocket, ByteBuffer bytes) {
    messages.add(StandardCharsets.UTF_8.decode(bytes).toString());
  }

  @Override
  public void onClose(WebSocket webSocket, int code, String reason) {
    ended = true;
    messages.add(END);
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    ended = true;
    messages.add(END);
  }

  @Override
  public void close() {
    WebSocket open = socket;
    if (open != null && !ended) {
      open.sendClose(1000, "done");
    }
  }
}
