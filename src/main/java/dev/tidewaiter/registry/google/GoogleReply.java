package dev.tidewaiter.registry.google;

import com.google.api.client.http.LowLevelHttpResponse;
import dev.tidewaiter.registry.ReplyHeaders;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One response of Google, as the library reads it, and by what it says without quoting it: status,
/// error code, date.
final class GoogleReply extends LowLevelHttpResponse {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern CODE = Pattern.compile("[A-Za-z_]{1,40}");

  private final HttpResponse<byte[]> response;
  private final List<Map.Entry<String, String>> headers = new ArrayList<>();

  GoogleReply(HttpResponse<byte[]> response) {
    this.response = response;
    response
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> headers.add(Map.entry(name, value))));
  }

  /// The body as JSON; a missing node if it is none.
  JsonNode json() {
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  /// OAuth's error code, or the status of Google's APIs; empty if the body has neither, and so
  /// comes from somebody else.
  ///
  /// Source: [RFC 6749, 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2),
  /// [AIP-193](https://google.aip.dev/193).
  Optional<String> errorCode() {
    JsonNode error = json().path("error");
    String code = error.isObject() ? error.path("status").asString("") : error.asString("");
    return CODE.matcher(code).matches() ? Optional.of(code) : Optional.empty();
  }

  /// When it was sent, by the sender's clock.
  Optional<Instant> date() {
    return response.headers().firstValue("Date").flatMap(ReplyHeaders::date);
  }

  /// How long it asks to be left alone; null if it does not say.
  @Nullable Duration retryAfter() {
    return response.headers().firstValue("Retry-After").map(ReplyHeaders::retryAfter).orElse(null);
  }

  @Override
  public int getStatusCode() {
    return response.statusCode();
  }

  @Override
  public InputStream getContent() {
    return new ByteArrayInputStream(response.body());
  }

  @Override
  public long getContentLength() {
    return response.body().length;
  }

  @Override
  public @Nullable String getContentType() {
    return response.headers().firstValue("Content-Type").orElse(null);
  }

  @Override
  public @Nullable String getContentEncoding() {
    return response.headers().firstValue("Content-Encoding").orElse(null);
  }

  @Override
  public String getStatusLine() {
    return "HTTP/1.1 " + response.statusCode();
  }

  @Override
  public @Nullable String getReasonPhrase() {
    return null;
  }

  @Override
  public int getHeaderCount() {
    return headers.size();
  }

  @Override
  public String getHeaderName(int index) {
    return headers.get(index).getKey();
  }

  @Override
  public String getHeaderValue(int index) {
    return headers.get(index).getValue();
  }
}
