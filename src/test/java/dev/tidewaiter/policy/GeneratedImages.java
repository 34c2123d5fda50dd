package dev.tidewaiter.policy;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Images made at random of what rules stumble over, the same for the same seed: names of the rule
/// books and what looks like them, with parts put in, left out and changed.
///
/// About half of them are image references.
public final class GeneratedImages {
  private static final List<String> HOSTS =
      List.of(
          "registry.acme.example",
          "quay.io",
          "ghcr.io",
          "docker.io",
          "index.docker.io",
          "localhost",
          "registry-1.docker.io",
          "old.example",
          "tls.example",
          "mirror.acme.example",
          "127.0.0.1",
          "[::1]",
          "[2001:db8::1]",
          "registry",
          "library",
          "evil.io",
          "quay.io.evil.io",
          "xquay.io",
          "quay.io.",
          "quay..io",
          "user@quay.io",
          "my_registry.example",
          "Foo",
          "a");
  private static final List<String> PORTS =
      List.of(":443", ":5000", ":8443", ":80", ":0443", ":", ":x", ":65536", ":4430");
  private static final List<String> COMPONENTS =
      List.of(
          "acme",
          "library",
          "nginx",
          "app",
          "hub",
          "base",
          "team",
          "acme-evil",
          "acmeevil",
          "a__b",
          "a.b",
          "a--b",
          "a_.b",
          "Acme",
          "",
          "..",
          "a".repeat(120),
          "0",
          "f".repeat(64));
  private static final List<String> TAGS =
      List.of(":1", ":latest", ":V1.2_3-x", ":_", ":443", ":", ":.x", ":" + "t".repeat(128));
  private static final List<String> DIGESTS =
      List.of(
          "@sha256:" + "0123456789abcdef".repeat(4),
          "@sha512:" + "0123456789abcdef".repeat(8),
          "@sha256:" + "0123456789ABCDEF".repeat(4),
          "@sha256:0123",
          "@md5:" + "0123456789abcdef".repeat(2));
  private static final String ODD = " \t\n%#?*\\@:/.-_A[]+\u0430\u200b\uff0f\u00e9";

  private final Random random;

  private GeneratedImages(long seed) {
    random = new Random(seed);
  }

  /// Names alone, without tag and digest.
  public static List<String> names(long seed, int count) {
    var images = new GeneratedImages(seed);
    return made(images::name, count);
  }

  public static List<String> images(long seed, int count) {
    var images = new GeneratedImages(seed);
    return made(images::image, count);
  }

  /// Those that an API server asks its policies about.
  public static List<String> forServers(long seed, int count) {
    var images = new GeneratedImages(seed);
    return Stream.generate(images::image)
        .filter(GeneratedImages::reachesPolicies)
        .distinct()
        .limit(count)
        .toList();
  }

  /// Source: `strings.TrimSpace`, which API servers compare a container's image with.
  static boolean reachesPolicies(String image) {
    return !image.isEmpty()
        && !isSpace(image.charAt(0))
        && !isSpace(image.charAt(image.length() - 1));
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static List<String> made(Supplier<String> maker, int count) {
    return Stream.generate(maker).limit(count).toList();
  }

  private String image() {
    String image = name() + sometimes(3, TAGS) + sometimes(4, DIGESTS);
    return oneIn(8) && !image.isEmpty() ? changed(image) : image;
  }

  private String name() {
    var name = new StringBuilder();
    if (!oneIn(4)) {
      name.append(cased(pick(HOSTS))).append(sometimes(3, PORTS)).append('/');
    }
    name.append(component());
    for (int more = random.nextInt(3); more > 0; more--) {
      name.append('/').append(component());
    }
    return name.toString();
  }

  /// Mostly of the plain ones, which stand first.
  private String component() {
    return oneIn(6) ? pick(COMPONENTS) : pick(COMPONENTS.subList(0, 8));
  }

  private String cased(String host) {
    return oneIn(5) ? upper(host) : host;
  }

  /// Some of the letters of a host in upper case, of ASCII alone.
  private String upper(String host) {
    var text = new StringBuilder(host);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'a' && c <= 'z' && random.nextBoolean()) {
        text.setCharAt(i, (char) (c - 'a' + 'A'));
      }
    }
    return text.toString();
  }

  private String changed(String image) {
    int at = random.nextInt(image.length());
    String odd = String.valueOf(ODD.charAt(random.nextInt(ODD.length())));
    String end = image.substring(at);
    return image.substring(0, at)
        + switch (random.nextInt(3)) {
          case 0 -> odd + end;
          case 1 -> odd + end.substring(1);
          default -> end.substring(1);
        };
  }

  private String sometimes(int one, List<String> texts) {
    return oneIn(one) ? pick(texts) : "";
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }
}
