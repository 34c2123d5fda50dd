package dev.tidewaiter.registry.oci;

import dev.tidewaiter.registry.DeniedAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/// Resolves host names to the addresses that may be connected to.
///
/// The client connects to exactly what this returns and never resolves a name again, so an answer
/// that changes between the check and the connection (DNS rebinding) changes nothing.
final class CheckedNames implements DnsResolver {
  /// Asks the system, or whoever stands in for it.
  interface Names {
    InetAddress[] addressesOf(String host) throws UnknownHostException;
  }

  /// None of the addresses of a host may be connected to.
  static final class Denied extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final Names names;
  private final DeniedAddresses denied;
  private final @Nullable String proxy;
  private final Duration limit;

  /// @param proxy the host of the proxy, which its operator declared and which may be anywhere
  /// @param limit for one answer, since the system's has none
  CheckedNames(Names names, DeniedAddresses denied, @Nullable String proxy, Duration limit) {
    this.names = names;
    this.denied = denied;
    this.proxy = proxy;
    this.limit = limit;
  }

  /// Refuses a host that is written as an address: for requests through a proxy, which resolves
  /// names itself.
  void check(String host) throws Denied {
    if (denied.writtenAs(host).isPresent()) {
      throw new Denied();
    }
  }

  /// @throws UnknownHostException if there is no such name
  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] found = found(host);
    if (host.equals(proxy)) {
      return found;
    }
    InetAddress[] allowed =
        Arrays.stream(found)
            .filter(address -> !denied.contains(address))
            .toArray(InetAddress[]::new);
    if (allowed.length == 0) {
      throw new DeniedName();
    }
    return allowed;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /// [Denied], where the client's interface allows no other exception.
  static final class DeniedName extends UnknownHostException {
    private static final long serialVersionUID = 1L;
  }

  // A thread of the platform: the system's resolver blocks in native code, and there are only as
  // many carriers of virtual threads as processors.
  private InetAddress[] found(String host) throws UnknownHostException {
    var answer = new CompletableFuture<InetAddress[]>();
    Thread.ofPlatform().daemon().name("resolve").start(() -> ask(host, answer));
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new UnknownHostException();
    } catch (TimeoutException | ExecutionException _) {
      throw new UnknownHostException();
    }
  }

  private void ask(String host, CompletableFuture<InetAddress[]> answer) {
    try {
      answer.complete(names.addressesOf(host));
    } catch (UnknownHostException e) {
      answer.completeExceptionally(e);
    }
  }
}
