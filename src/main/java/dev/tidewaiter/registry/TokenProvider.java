package dev.tidewaiter.registry;

/// A cloud that mints tokens for its registries.
///
/// Safe for use by many threads. An implementation remembers nothing: who asks when is decided by
/// its caller. It bounds its own requests in number and time (5 s to connect, 15 s in all), and
/// goes through the declared proxy.
public interface TokenProvider {
  /// One request to the cloud. What goes wrong is an answer too, so this never throws for the
  /// cloud's sake. May block for as long as one bounded request takes.
  ///
  /// @throws IllegalArgumentException if the request is for another cloud
  TokenAnswer mint(TokenRequest request);
}
