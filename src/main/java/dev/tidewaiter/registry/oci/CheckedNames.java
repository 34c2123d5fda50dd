package dev.tidewaiter.registry.oci;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/// Resolves host names to the addresses that may be connected to.
///
/// The client connects to exactly what this returns and never resolves a name again, so an answer
/// that changes between the check and the connection (DNS rebinding) changes nothing.
final class CheckedNames implements DnsResolver {
  /// Where machines are told their own credentials, and the links that they are reached by.
  ///
  /// Sources:
  /// [AWS](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html),
  /// [EKS](https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html),
  /// [Google](https://cloud.google.com/compute/docs/metadata/querying-metadata), [Azure's wire
  /// server](https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16),
  /// [Alibaba](https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata),
  /// [Oracle's iSCSI and
  /// metadata](https://docs.oracle.com/en-us/iaas/Content/Network/Concepts/overview.htm).
  private static final List<Network> ALWAYS =
      Stream.of(
              "0.0.0.0/8",
              "169.254.0.0/16",
              "100.100.100.200/32",
              "168.63.129.16/32",
              "192.0.0.192/32",
              "::/128",
              "fe80::/10",
              "fd00:ec2::/32",
              "fd20:ce::/32")
          .map(Network::parse)
          .toList();

  /// IPv4 addresses inside IPv6 ones. The JDK itself unwraps `::ffff:0:0/96`. `::/96` is [RFC 4291,
  /// 2.5.5.1](https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.1), the second NAT64 ([RFC
  /// 6052](https://www.rfc-editor.org/rfc/rfc6052)), the third 6to4 ([RFC
  /// 3056](https://www.rfc-editor.org/rfc/rfc3056)).
  private static final List<Wrapping> WRAPPINGS =
      List.of(
          new Wrapping(Network.parse("::/96"), 12),
          new Wrapping(Network.parse("64:ff9b::/96"), 12),
          new Wrapping(Network.parse("2002::/16"), 2));

  /// @param start where the four bytes begin
  private record Wrapping(Network network, int start) {}

  /// Asks the system, or whoever stands in for it.
  interface Names {
    InetAddress[] addressesOf(String host) throws UnknownHostException;
  }

  /// None of the addresses of a host may be connected to.
  static final class Denied extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final Names names;
  private final List<Network> denied;
  private final @Nullable String proxy;
  private final Duration limit;

  /// @param denied beside those that always are
  /// @param proxy the host of the proxy, which its operator declared and which may be anywhere
  /// @param limit for one answer, since the system's has none
  CheckedNames(Names names, List<Network> denied, @Nullable String proxy, Duration limit) {
    this.names = names;
    this.denied = denied;
    this.proxy = proxy;
    this.limit = limit;
  }

  /// Refuses a host that is written as an address: for requests through a proxy, which resolves
  /// names itself.
  void check(String host) throws Denied {
    Optional<InetAddress> literal = literal(host);
    if (literal.isPresent() && isDenied(literal.get())) {
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
        Arrays.stream(found).filter(address -> !isDenied(address)).toArray(InetAddress[]::new);
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

  private boolean isDenied(InetAddress address) {
    return Stream.concat(Stream.of(address), unwrapped(address))
        .anyMatch(
            one ->
                one.isMulticastAddress()
                    || Stream.concat(ALWAYS.stream(), denied.stream())
                        .anyMatch(network -> network.contains(one)));
  }

  private static Stream<InetAddress> unwrapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address.isLoopbackAddress()) {
      return Stream.empty();
    }
    return WRAPPINGS.stream()
        .filter(form -> form.network().contains(address))
        .map(form -> ofBytes(Arrays.copyOfRange(bytes, form.start(), form.start() + 4)));
  }

  private static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  // With the forms of old, such as 0xa9fea9fe, which some proxies read as addresses too.
  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException _) {
      return posix(host);
    }
  }

  private static Optional<InetAddress> posix(String host) {
    try {
      return Optional.of(Inet4Address.ofPosixLiteral(host));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
