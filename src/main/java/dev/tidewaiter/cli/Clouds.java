package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenProvider;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.registry.ecr.EcrTokens;
import dev.tidewaiter.registry.google.GoogleTokens;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Sends each request for a token to the cloud of its kind.
///
/// A cloud's client is made when it is first asked: its classes are many, and most daemons need one
/// cloud or none.
final class Clouds implements TokenProvider, AutoCloseable {
  private final DaemonConfiguration configuration;
  private final Map<String, String> environment;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private final CloudHttp http;
  private @Nullable EcrTokens ecr;
  private @Nullable GoogleTokens google;

  /// @param environment the process's own, in which the clouds' clients look for its identity
  Clouds(
      DaemonConfiguration configuration,
      Map<String, String> environment,
      LongSupplier nanos,
      InstantSource clock) {
    this.configuration = configuration;
    this.environment = Map.copyOf(environment);
    this.nanos = nanos;
    this.clock = clock;
    this.http = new CloudHttp(CloudHttp.Route.through(configuration.proxy()), nanos);
  }

  @Override
  public TokenAnswer mint(TokenRequest request) {
    return switch (request) {
      case TokenRequest.Ecr _, TokenRequest.EcrPublic _ -> ecr().mint(request);
      case TokenRequest.Google _ -> google().mint(request);
    };
  }

  private synchronized EcrTokens ecr() {
    if (ecr == null) {
      ecr = new EcrTokens(configuration.instance(), environment, http, nanos);
    }
    return ecr;
  }

  private synchronized GoogleTokens google() {
    if (google == null) {
      google = new GoogleTokens(environment, http, Set.of(), clock);
    }
    return google;
  }

  @Override
  public void close() {
    http.close();
  }
}
