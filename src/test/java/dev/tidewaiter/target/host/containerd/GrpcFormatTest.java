package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// What is understood of the formats that a containerd speaks. The real one is in
/// [ContainerdHostIT].
class GrpcFormatTest {
  // The examples of RFC 7541, C.4.1 and C.6.1.
  @Test
  void decodesTheExamplesOfTheStandard() throws Exception {
    assertThat(HuffmanCode.decode(bytes("f1e3c2e5f23a6ba0ab90f4ff"))).isEqualTo("www.example.com");
    assertThat(HuffmanCode.decode(bytes("d07abe941054d444a8200595040b8166e082a62d1bff")))
        .isEqualTo("Mon, 21 Oct 2013 20:13:21 GMT");
  }

  @Test
  void decodesHeadersOfAnyForm() throws Exception {
    byte[] name = "grpc-status".getBytes(StandardCharsets.US_ASCII);
    String plain = "00" + "0b" + HexFormat.of().formatHex(name) + "01" + "35";
    assertThat(HeaderBlock.decode(bytes("20" + "88" + plain))).containsEntry("grpc-status", "5");
    assertThat(HeaderBlock.decode(bytes("0f10" + "03616263" + plain)))
        .containsOnlyKeys("grpc-status");
  }

  @Test
  void refusesWhatIsCutShort() {
    assertThatThrownBy(() -> HeaderBlock.decode(bytes("000b67"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> HuffmanCode.decode(bytes("ffffffff"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Protobuf.all(bytes("0a05"), 1)).isInstanceOf(IOException.class);
  }

  @Test
  void findsAFieldAmongOthers() throws Exception {
    byte[] message =
        Protobuf.join(
            bytes("1096011d0000000021" + "0000000000000000"),
            Protobuf.field(1, "a".repeat(300)),
            Protobuf.field(5, "other"),
            Protobuf.field(1, "b"));
    assertThat(Protobuf.texts(message, 1)).containsExactly("a".repeat(300), "b");
    assertThat(Protobuf.texts(message, 7)).isEmpty();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
