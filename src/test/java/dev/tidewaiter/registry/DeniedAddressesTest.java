package dev.tidewaiter.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Network;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeniedAddressesTest {
  private static final DeniedAddresses DENIED =
      new DeniedAddresses(List.of(Network.parse("10.9.0.0/16")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fe80::1",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "10.9.1.1",
        "64:ff9b::10.9.1.1"
      })
  void containsAnAddress(String text) {
    InetAddress address = InetAddress.ofLiteral(text);
    assertThat(DENIED.contains(address)).isTrue();
    assertThat(DENIED.writtenAs(text)).contains(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518"})
  void knowsAnAddressInAFormOfOld(String text) {
    assertThat(DENIED.writtenAs(text)).contains(InetAddress.ofLiteral("169.254.169.254"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.8.0.1", "192.168.0.1", "127.0.0.1", "::1", "2001:db8::1", "fd00::1"})
  void leavesAnAddressAlone(String text) {
    assertThat(DENIED.contains(InetAddress.ofLiteral(text))).isFalse();
    assertThat(DENIED.writtenAs(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry.example", "169.254.169.254.example", ""})
  void looksUpNoName(String host) {
    assertThat(DENIED.writtenAs(host)).isEmpty();
  }
}
