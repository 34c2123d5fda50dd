package dev.tidewaiter.intake.trust;

import dev.tidewaiter.model.HttpProxy;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How servers are reached, and which addresses are never connected to.
///
/// Always refused are link-local addresses and those at which clouds hand out credentials to
/// whoever asks from the machine:
/// [AWS](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html),
/// [Google](https://cloud.google.com/compute/docs/metadata/querying-metadata),
/// [Azure](https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16),
/// [Alibaba](https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata).
public final class Reach {
  private static final List<Network> NEVER =
      Stream.of(
              "169.254.0.0/16",
              "fe80::/10",
              "fd00:ec2::254",
              "fd20:ce::254",
              "168.63.129.16",
              "100.100.100.200",
              "0.0.0.0/8",
              "::")
          .map(Network::parse)
          .toList();

  private final @Nullable HttpProxy proxy;
  private final List<Network> denied;

  private Reach(@Nullable HttpProxy proxy, List<Network> denied) {
    this.proxy = proxy;
    this.denied = denied;
  }

  /// Directly, wherever that is not refused.
  public static Reach direct() {
    return new Reach(null, List.of());
  }

  /// @param proxy null for none
  /// @param denied networks in CIDR form
  public static Reach of(@Nullable HttpProxy proxy, List<String> denied) {
    return new Reach(proxy, denied.stream().map(Network::parse).toList());
  }

  /// The proxy for a host; empty if it is reached directly.
  Optional<HttpProxy> proxyFor(String host) {
    return Optional.ofNullable(proxy).filter(through -> !through.exempts(host));
  }

  boolean refuses(InetAddress address) {
    return Stream.concat(NEVER.stream(), denied.stream())
        .anyMatch(network -> network.contains(address));
  }
}
