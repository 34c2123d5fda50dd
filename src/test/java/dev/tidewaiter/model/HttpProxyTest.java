package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProxyTest {
  @ParameterizedTest
  @CsvSource({
    "sts.amazonaws.com, .amazonaws.com, true",
    "STS.AmazonAWS.com, .amazonaws.com, true",
    "sts.amazonaws.com, .AmazonAWS.com, true",
    "amazonaws.com, .amazonaws.com, false",
    "com, .amazonaws.com, false",
    "evilamazonaws.com, amazonaws.com, false",
    "sts.amazonaws.com, amazonaws.com, false",
    "sts.amazonaws.com, sts.amazonaws.com, true",
    "sts.amazonaws.com, STS.amazonaws.com, true",
    "sts.amazonaws.com, *, true",
    "sts.amazonaws.com, *.amazonaws.com, false",
    "sts.amazonaws.com, 10.0.0.1, false",
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.0/8, false"
  })
  void exemptsAHostThatAnEntryNames(String host, String entry, boolean exempt) {
    var proxy = new HttpProxy("proxy.example", 3128, List.of("unrelated.example", entry));
    assertThat(proxy.exempts(host)).isEqualTo(exempt);
  }

  @Test
  void exemptsNothingByItself() {
    assertThat(new HttpProxy("proxy.example", 3128, List.of()).exempts("localhost")).isFalse();
  }
}
