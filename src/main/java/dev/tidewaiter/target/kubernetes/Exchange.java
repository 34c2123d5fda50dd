package dev.tidewaiter.target.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Sends requests to one API server and takes their answers in whole.
///
/// Below fabric8's own client, over the same Vert.x client options: what fabric8 does around each
/// request (repetition, which is not wanted here, and bodies in parts) took as much time of the
/// processors as the request itself. Watches go through fabric8.
final class Exchange {
  /// How many bytes of a body are taken. More would endanger the whole process, whose heap has a
  /// few hundred megabytes, for the sake of one answer: of a page of 500 objects, each may have 64
  /// KiB, and what may have more is asked for in pages that are made smaller.
  static final int LARGEST = 32 << 20;

  /// Ends one stream of HTTP/2, and not the connection.
  ///
  /// Source: [RFC 9113, section 7](https://www.rfc-editor.org/rfc/rfc9113#section-7).
  private static final long CANCEL = 8;

  private final HttpClient client;
  private final Context context;
  private final Config config;
  private final RequestOptions common;
  private final String prefix;

  /// @param url of the API server; a host in brackets keeps them
  Exchange(Vertx vertx, HttpClient client, Config config, URL url) {
    this.client = client;
    // One for all, so that nothing is handed on from one to another.
    this.context = vertx.getOrCreateContext();
    this.config = config;
    // A URL has its scheme in lower case, and knows hosts that no URI may have, such as k3s_server.
    this.common =
        new RequestOptions()
            .setSsl(url.getProtocol().equals("https"))
            .setHost(url.getHost())
            .setPort(url.getPort() >= 0 ? url.getPort() : url.getDefaultPort())
            .putHeader("Accept", "application/json")
            .putHeader("User-Agent", config.getUserAgent());
    this.prefix = url.getPath().endsWith("/") ? url.getPath() : url.getPath() + "/";
  }

  /// An answer, whatever its code.
  ///
  /// @param retryAfter the header; null for none
  /// @param body may hold a Secret
  record Answer(int code, @Nullable String retryAfter, Buffer body) {
    @Override
    public String toString() {
      return "Answer[" + code + "]";
    }
  }

  /// What is sent. It may hold a Secret, and a credential of ours.
  record Request(RequestOptions options, Buffer body) {
    @Override
    public String toString() {
      return "Request[" + options.getMethod() + " " + options.getURI() + "]";
    }
  }

  /// @throws java.io.UncheckedIOException if a credential cannot be read
  Request request(Call call, Duration limit) {
    Buffer body = call.body() == null ? Buffer.buffer() : Buffer.buffer(Json.bytes(call.body()));
    return new Request(options(call, limit), body);
  }

  /// Sends a request.
  ///
  /// @return fails with an `IOException` if the connection cannot be had or was lost, with a
  ///   [TooLargeException], and otherwise if there is no answer within the limit
  CompletableFuture<Answer> send(Request request) {
    var answer = new CompletableFuture<Answer>();
    context.runOnContext(
        _ ->
            exchange(request.options(), request.body())
                .onSuccess(answer::complete)
                .onFailure(failure -> answer.completeExceptionally(asIo(failure))));
    return answer;
  }

  private Future<Answer> exchange(RequestOptions options, Buffer body) {
    try {
      return client
          .request(options)
          .compose(request -> sent(request, body))
          .compose(
              response ->
                  whole(response)
                      .map(
                          whole ->
                              new Answer(
                                  response.statusCode(),
                                  response.getHeader("Retry-After"),
                                  whole)));
    } catch (IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }

  private static Future<HttpClientResponse> sent(HttpClientRequest request, Buffer body) {
    return body.length() == 0 ? request.send() : request.send(body);
  }

  private static Future<Buffer> whole(HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response
        .handler(
            part -> {
              if (body.length() + part.length() <= LARGEST) {
                body.appendBuffer(part);
              } else if (whole.tryFail(new TooLargeException())) {
                response.request().reset(CANCEL);
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(_ -> whole.tryComplete(body));
    return whole.future();
  }

  /// A body has more than [#LARGEST] bytes.
  static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static Throwable asIo(Throwable failure) {
    return failure instanceof HttpClosedException
        ? new IOException(failure.getMessage(), failure)
        : failure;
  }

  private RequestOptions options(Call call, Duration limit) {
    RequestOptions options =
        new RequestOptions(common)
            .setMethod(HttpMethod.valueOf(call.method()))
            .setURI(prefix + call.path())
            .setTimeout(limit.toMillis());
    if (call.body() != null) {
      options.putHeader("Content-Type", call.contentType());
    }
    identify(options);
    return options;
  }

  /// Source:
  /// [authentication](https://kubernetes.io/docs/reference/access-authn-authz/authentication/) and
  /// [user
  /// impersonation](https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/).
  private void identify(RequestOptions options) {
    if (isGiven(config.getUsername()) && isGiven(config.getPassword())) {
      String basic = HttpClientUtils.basicCredentials(config.getUsername(), config.getPassword());
      options.putHeader("Authorization", basic);
    } else {
      String token = config.getOauthTokenProvider().getToken();
      if (isGiven(token)) {
        options.putHeader("Authorization", "Bearer " + token);
      }
    }
    if (isGiven(config.getImpersonateUsername())) {
      options.putHeader("Impersonate-User", config.getImpersonateUsername());
      for (String group : config.getImpersonateGroups()) {
        options.addHeader("Impersonate-Group", group);
      }
    }
  }

  private static boolean isGiven(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
