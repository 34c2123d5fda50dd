package dev.tidewaiter.registry.google;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.http.HttpTransportFactory;
import dev.tidewaiter.registry.CloudHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The library's view of one [CloudHttp.Visit]. It remembers the last reply, from which what went
/// wrong is told: the library's own exceptions quote bodies.
///
/// For use by one thread.
final class GoogleTransport extends HttpTransport implements HttpTransportFactory {
  /// What the JDK's client writes itself, and what would make it hand out compressed bodies.
  private static final Set<String> OMITTED =
      Set.of("accept-encoding", "connection", "content-length", "expect", "host", "upgrade");

  private final CloudHttp.Visit visit;
  private @Nullable GoogleReply last;

  GoogleTransport(CloudHttp.Visit visit) {
    this.visit = visit;
  }

  /// The last reply; null if there was none to the last request.
  @Nullable GoogleReply last() {
    return last;
  }

  @Override
  public HttpTransport create() {
    return this;
  }

  @Override
  protected LowLevelHttpRequest buildRequest(String method, String url) throws IOException {
    last = null;
    try {
      return new Request(method, HttpRequest.newBuilder(URI.create(url)));
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("no address of HTTP");
    }
  }

  private final class Request extends LowLevelHttpRequest {
    private final String method;
    private final HttpRequest.Builder sent;

    Request(String method, HttpRequest.Builder sent) {
      this.method = method;
      this.sent = sent;
    }

    @Override
    public void addHeader(String name, String value) throws IOException {
      try {
        if (!OMITTED.contains(name.toLowerCase(Locale.ROOT))) {
          sent.header(name, value);
        }
      } catch (IllegalArgumentException e) {
        // Without the cause, which quotes the header.
        throw new ProtocolException("a header cannot be sent");
      }
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
      if (getContentType() != null) {
        addHeader("Content-Type", getContentType());
      }
      var reply = new GoogleReply(visit.send(sent.method(method, body()).build()));
      last = reply;
      return reply;
    }

    private BodyPublisher body() throws IOException {
      if (getStreamingContent() == null) {
        return BodyPublishers.noBody();
      }
      var bytes = new ByteArrayOutputStream();
      getStreamingContent().writeTo(bytes);
      return BodyPublishers.ofByteArray(bytes.toByteArray());
    }
  }
}
