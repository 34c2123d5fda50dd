package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/// The requests of one question: bounded in time and size, and with the law on redirects.
///
/// A redirect is followed three times at most: with what the request carries to the same scheme,
/// host and port, without any of it to another host, and never from https to http.
final class Wire implements AutoCloseable {
  static final Duration STEP = Duration.ofSeconds(15);
  static final Duration CONNECT = Duration.ofSeconds(5);
  static final int MAX_BODY_BYTES = 64 << 10;
  private static final int MAX_REDIRECTS = 3;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /// OCI's and Docker's indexes and manifests, as Docker and containerd ask for them.
  private static final String MANIFESTS =
      "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json,"
          + " application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

  private final CloseableHttpClient client;
  private final TimedSockets sockets;
  private final CheckedNames names;
  private final Duration limit;
  private final Consumer<Duration> rest;

  /// @param limit for one step, in all
  /// @param rest told for how long a server that answers 429 wants to be left alone
  Wire(
      CloseableHttpClient client,
      TimedSockets sockets,
      CheckedNames names,
      Duration limit,
      Consumer<Duration> rest) {
    this.client = client;
    this.sockets = sockets;
    this.names = names;
    this.limit = limit;
    this.rest = rest;
  }

  /// What comes back is no answer of the server that was asked: a proxy's, too large, or half.
  static final class NoReply extends IOException {
    private static final long serialVersionUID = 1L;

    NoReply(String message) {
      super(message);
    }
  }

  /// Begins a step, which ends when it is closed or its time is over.
  TimedSockets.Step step() {
    return sockets.limitedTo(limit);
  }

  boolean isTimeOver() {
    return sockets.isOver();
  }

  /// @param authorization null to ask as anybody
  Reply get(URI uri, @Nullable Secret authorization) throws IOException {
    return follow(HttpGet::new, "application/json", uri, authorization);
  }

  /// Asks for the head of a manifest.
  ///
  /// @param authorization null to ask as anybody
  Reply head(URI uri, @Nullable Secret authorization) throws IOException {
    return follow(HttpHead::new, MANIFESTS, uri, authorization);
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  private interface Method {
    HttpUriRequestBase to(URI uri);
  }

  private Reply follow(Method method, String accept, URI uri, @Nullable Secret authorization)
      throws IOException {
    URI at = uri;
    @Nullable Secret carried = authorization;
    boolean elsewhere = false;
    Reply reply = send(method, accept, at, carried);
    for (int hops = 0; hops < MAX_REDIRECTS; hops++) {
      Optional<URI> next = next(at, reply);
      if (next.isEmpty()) {
        break;
      }
      if (!Origin.of(at).equals(Origin.of(next.get()))) {
        carried = null;
        elsewhere = true;
      }
      at = next.get();
      reply = send(method, accept, at, carried);
    }
    return elsewhere ? reply.fromElsewhere() : reply;
  }

  private static Optional<URI> next(URI from, Reply reply) {
    URI location = reply.location();
    if (location == null || !REDIRECTS.contains(reply.status())) {
      return Optional.empty();
    }
    URI to = from.resolve(location);
    Optional<Origin> before = Origin.of(from);
    return Origin.of(to)
        .filter(origin -> origin.secure() || before.equals(Optional.of(origin)))
        .map(_ -> to);
  }

  private Reply send(Method method, String accept, URI uri, @Nullable Secret authorization)
      throws IOException {
    Origin origin = Origin.of(uri).orElseThrow(() -> new NoReply("there is no address to ask"));
    names.check(origin.host());
    HttpUriRequestBase request = method.to(uri);
    request.setHeader(HttpHeaders.ACCEPT, accept);
    if (authorization != null) {
      request.setHeader(HttpHeaders.AUTHORIZATION, authorization.reveal());
    }
    var context = HttpClientContext.create();
    var target = new HttpHost(origin.secure() ? "https" : "http", origin.host(), origin.port());
    return client.execute(
        target,
        request,
        context,
        response -> {
          if (!Client.hasArrived(context)) {
            throw new NoReply("the proxy answered " + response.getCode());
          }
          Reply reply = reply(response);
          if (reply.status() == HttpStatus.SC_TOO_MANY_REQUESTS && reply.retryAfter() != null) {
            rest.accept(reply.retryAfter());
          }
          return reply;
        });
  }

  private static Reply reply(ClassicHttpResponse response) throws IOException {
    return new Reply(
        response.getCode(),
        Arrays.stream(response.getHeaders(HttpHeaders.WWW_AUTHENTICATE))
            .map(header -> String.valueOf(header.getValue()))
            .toList(),
        response.containsHeader("Docker-Distribution-Api-Version"),
        value(response, HttpHeaders.CONTENT_TYPE),
        value(response, "Docker-Content-Digest"),
        seconds(value(response, HttpHeaders.RETRY_AFTER)),
        address(value(response, HttpHeaders.LOCATION)),
        body(response.getEntity()),
        false);
  }

  private static String value(ClassicHttpResponse response, String name) {
    @Nullable Header header = response.getFirstHeader(name);
    return header == null || header.getValue() == null ? "" : header.getValue().strip();
  }

  private static @Nullable Duration seconds(String value) {
    return value.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
  }

  private static @Nullable URI address(String value) {
    try {
      return value.isEmpty() ? null : URI.create(value);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static Secret body(@Nullable HttpEntity entity) throws IOException {
    if (entity == null) {
      return Secret.of("");
    }
    @Nullable InputStream content = entity.getContent();
    byte[] bytes = content == null ? new byte[0] : content.readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      throw new NoReply("the answer is larger than 64 KiB");
    }
    return Secret.of(new String(bytes, StandardCharsets.UTF_8));
  }
}
