package dev.tidewaiter.testbed;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One request to AWS, as it came.
///
/// @param headers by name in lower case
public record AwsRequest(String head, Map<String, String> headers, String body, long nanos) {

  static AwsRequest read(InputStream input) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int read = input.read();
      if (read < 0) {
        throw new EOFException("no request");
      }
      head.write(read);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    var headers = new TreeMap<String, String>();
    text.lines()
        .skip(1)
        .filter(line -> line.contains(":"))
        .forEach(
            line ->
                headers.put(
                    line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                    line.substring(line.indexOf(':') + 1).strip()));
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(input.readNBytes(length), StandardCharsets.ISO_8859_1);
    return new AwsRequest(text, headers, body, System.nanoTime());
  }

  /// Such as `GetAuthorizationToken`.
  public String action() {
    return isJson() ? target().replaceFirst(".*\\.", "") : parameter("Action");
  }

  /// Empty if there is no such header.
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /// A parameter of a form; empty if there is none of this name.
  public String parameter(String name) {
    Matcher matcher = Pattern.compile("(?:^|&)" + name + "=([^&]*)").matcher(body);
    return matcher.find() ? URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8) : "";
  }

  boolean is(String wanted) {
    return action().equals(wanted);
  }

  boolean isJson() {
    return !target().isEmpty();
  }

  String target() {
    return header("x-amz-target");
  }

  byte[] raw() {
    return (head.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n") + body)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  static String basic(String user, String password) {
    return Base64.getEncoder()
        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
