package dev.tidewaiter.registry;

import dev.tidewaiter.model.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The addresses that nothing connects to on behalf of a declaration: link-local and multicast
/// ones, those at which a cloud tells a machine its own credentials, and what the operator adds.
///
/// @param declared beside those that always are
public record DeniedAddresses(List<Network> declared) {
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

  public DeniedAddresses {
    declared = List.copyOf(declared);
  }

  /// @param start where the four bytes begin
  private record Wrapping(Network network, int start) {}

  public boolean contains(InetAddress address) {
    return Stream.concat(Stream.of(address), unwrapped(address))
        .anyMatch(
            one ->
                one.isMulticastAddress()
                    || Stream.concat(ALWAYS.stream(), declared.stream())
                        .anyMatch(network -> network.contains(one.getAddress())));
  }

  /// The address that a host is written as, if it is one of these: for requests through a proxy,
  /// which resolves names itself.
  public Optional<InetAddress> writtenAs(String host) {
    return literal(host).filter(this::contains);
  }

  private static Stream<InetAddress> unwrapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address.isLoopbackAddress()) {
      return Stream.empty();
    }
    return WRAPPINGS.stream()
        .filter(form -> form.network().contains(bytes))
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
