package dev.tidewaiter.serve;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The open connections. One too many closes another: of the peer that has the most, the oldest.
///
/// A limit that lets the next one wait would give liveness into the hands of whoever holds that
/// many. Here whoever opens many closes their own; and a probe is answered long before it is the
/// oldest, should it come from the same address.
///
/// Helidon's own close is a request that a connection hears only between requests or in the first
/// line of one; half a header would hold it for good. Here closing is always at once.
final class Connections implements ServerConnectionSelector {
  private final ServerConnectionSelector protocol;
  private final int most;

  /// The oldest first. Its own monitor guards it.
  private final SequencedSet<Kept> open = new LinkedHashSet<>();

  Connections(ServerConnectionSelector protocol, int most) {
    this.protocol = protocol;
    this.most = most;
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Kept(context.remotePeer().host(), protocol.connection(context));
  }

  @Override
  public int bytesToIdentifyConnection() {
    return protocol.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return protocol.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return protocol.supportedApplicationProtocols();
  }

  /// @return the one that has to go for it
  private @Nullable Kept enter(Kept newest) {
    synchronized (open) {
      open.add(newest);
      return open.size() > most ? surplus() : null;
    }
  }

  private Kept surplus() {
    Map<String, List<Kept>> byPeer =
        open.stream().collect(groupingBy(kept -> kept.peer, LinkedHashMap::new, toList()));
    Kept surplus =
        byPeer.values().stream().max(Comparator.comparingInt(List::size)).orElseThrow().getFirst();
    open.remove(surplus);
    return surplus;
  }

  private void leave(Kept connection) {
    synchronized (open) {
      open.remove(connection);
    }
  }

  private final class Kept implements ServerConnection {
    private final String peer;
    private final ServerConnection connection;

    private Kept(String peer, ServerConnection connection) {
      this.peer = peer;
      this.connection = connection;
    }

    @Override
    public void handle(Limit requests) throws InterruptedException {
      Kept surplus = enter(this);
      if (surplus != null) {
        surplus.close(true);
      }
      try {
        connection.handle(requests);
      } finally {
        leave(this);
      }
    }

    /// Since it was accepted, or since the last first line, header or answer was complete.
    @Override
    public Duration idleTime() {
      return connection.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      connection.close(true);
    }
  }
}
