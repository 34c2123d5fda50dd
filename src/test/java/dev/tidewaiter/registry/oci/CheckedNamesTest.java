package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.Network;
import dev.tidewaiter.registry.DeniedAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedNamesTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final DeniedAddresses DENIED =
      new DeniedAddresses(List.of(Network.parse("10.9.0.0/16")));

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "64:ff9b::a9fe:a9fe", "10.9.1.1"})
  void refusesAnAddress(String address) {
    assertThatThrownBy(() -> names(InetAddress.ofLiteral(address)).resolve("registry.example"))
        .isInstanceOf(CheckedNames.DeniedName.class);
    assertThatThrownBy(() -> names().check(address)).isInstanceOf(CheckedNames.Denied.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2852039166", "0xa9fea9fe"})
  void refusesAnAddressInAFormOfOld(String address) {
    assertThatThrownBy(() -> names().check(address)).isInstanceOf(CheckedNames.Denied.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.8.0.1", "127.0.0.1", "::1"})
  void allowsAnAddress(String address) throws Exception {
    InetAddress literal = InetAddress.ofLiteral(address);
    assertThat(names(literal).resolve("registry.example")).containsExactly(literal);
    names().check(address);
    names().check("registry.example");
  }

  @Test
  void leavesOutOnlyThoseThatAreRefused() throws Exception {
    InetAddress good = InetAddress.ofLiteral("192.0.2.1");
    assertThat(names(InetAddress.ofLiteral("fe80::1"), good).resolve("registry.example"))
        .containsExactly(good);
  }

  @Test
  void theDeclaredProxyMayBeAnywhere() throws Exception {
    InetAddress link = InetAddress.ofLiteral("169.254.1.1");
    var names = new CheckedNames(_ -> new InetAddress[] {link}, DENIED, "proxy.example", LONG);
    assertThat(names.resolve("proxy.example")).containsExactly(link);
  }

  @Test
  void waitsForNoResolverLongerThanItMay() {
    var never = new CountDownLatch(1);
    CheckedNames.Names slow =
        _ -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new InetAddress[0];
        };
    var names = new CheckedNames(slow, DENIED, null, Duration.ofMillis(50));
    assertThatThrownBy(() -> names.resolve("registry.example"))
        .isExactlyInstanceOf(UnknownHostException.class);
    never.countDown();
  }

  private static CheckedNames names(InetAddress... addresses) {
    return new CheckedNames(_ -> addresses, DENIED, null, LONG);
  }
}
