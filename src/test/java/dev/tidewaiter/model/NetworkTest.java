package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "10.16.0.0/12, 10.31.255.255, true",
    "10.16.0.0/12, 10.32.0.0, false",
    "10.16.0.0/12, fe80::1, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, ::1, false",
    "203.0.113.9/32, 203.0.113.9, true",
    "203.0.113.9/32, 203.0.113.8, false",
    "fd00:ec2::/32, fd00:ec2:ffff::1, true",
    "fd00:ec2::/32, fd00:ec3::1, false",
    "::/96, ::1.2.3.4, true",
    "64:ff9b::/96, 64:ff9b::1.2.3.4, true",
    "::/0, fe80::1, true",
    "::/0, 127.0.0.1, false"
  })
  void containsTheAddressesThatBeginAsItDoes(String text, String address, boolean contained) {
    assertThat(Network.parse(text).contains(InetAddress.ofLiteral(address).getAddress()))
        .isEqualTo(contained);
  }

  /// As the JDK reads them.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "1::",
        "2001:DB8::a:0:1",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:255.254.9.0",
        "64:ff9b::192.0.2.33",
        "::10.9.1.1"
      })
  void readsTheAddress(String text) {
    byte[] address = InetAddress.ofLiteral(text).getAddress();
    assertThat(Network.parse(text + "/" + address.length * Byte.SIZE).contains(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.0/33",
        "x/8",
        "::/129",
        "10.0.0.0/-1",
        "/8",
        "10.0.0.1/8",
        "010.0.0.0/8",
        "10.0/16",
        "256.0.0.0/8",
        "1.2.3.4.0/8",
        "fd00::1/8",
        "::ffff:10.0.0.0/104",
        "::ffff:a00:0/104",
        "fe80::%eth0/10",
        "1::2::3/8",
        ":::/8",
        ":/8",
        "1:2:3:4:5:6:7/8",
        "1:2:3:4::5:6:7:8/8",
        "1:2:3:4:5:6:7:8:9/8",
        ":1:2:3:4:5:6:7/8",
        "10000::/8",
        "::1.2.3/128",
        "::1.2.3.4:5/128"
      })
  void aNetworkIsInCidrForm(String text) {
    assertThat(Network.mistakeIn(text)).isPresent();
    assertThatThrownBy(() -> Network.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CIDR");
  }
}
