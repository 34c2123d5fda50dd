package dev.tidewaiter.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.RegistryAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordingTest {
  private static final int LONGEST_MESSAGE = 5 * 1024;

  @Test
  void saysWhichRegistriesThePolicyAllows() {
    assertThat(explained(rules("quay.io/acme"), "evil.io/app"))
        .isEqualTo(
            "image \"evil.io/app\" is not allowed in environment \"production\": policy"
                + " \"restricted\" allows only images from quay.io/acme. Use an image from there,"
                + " or ask for its registry in a pull request to the registry declarations.");
    assertThat(explained(rules("a.io", "b.io"), "nginx")).contains(" from a.io and b.io. ");
    assertThat(explained(rules("a.io", "b.io", "c.io"), "nginx"))
        .contains(" from a.io, b.io and c.io. ");
  }

  @Test
  void countsWhatALongListLeavesOut() {
    String[] eight = entries(8, "");
    assertThat(explained(rules(eight), "nginx"))
        .contains(" from r0.io, r1.io, r2.io, r3.io, r4.io, r5.io, r6.io and r7.io. ");
    assertThat(explained(rules(entries(500, "")), "nginx"))
        .contains(" from r0.io, r1.io, r2.io, r3.io, r4.io, r5.io, r6.io, r7.io and 492 more. ");
  }

  @Test
  void saysThatTheRegistryIsInactive() {
    var inactive = new TreeMap<>(Map.of(new RegistryAddress("quay.io"), "quay"));
    assertThat(explained(new RuleBook("production", "", null, inactive), "QUAY.IO:443/app"))
        .isEqualTo(
            "image \"QUAY.IO:443/app\" is not allowed in environment \"production\": its registry"
                + " quay.io is declared inactive, as \"quay\". Use an image from another registry,"
                + " or ask for this one in a pull request to the registry declarations.");
  }

  @Test
  void saysHowAnImageIsWritten() {
    assertThat(explained(rules("quay.io"), "https://quay.io/app"))
        .isEqualTo(
            "image \"https://quay.io/app\" is not allowed in environment \"production\": it is no"
                + " valid image reference. Write it in the form registry.example/team/app:1.0,"
                + " without a scheme or a user, and in lower case.");
  }

  @Test
  void saysWhatAllowsAnImage() {
    assertThat(explained(rules("quay.io", "quay.io/acme"), "quay.io/acme/app"))
        .isEqualTo(
            "image \"quay.io/acme/app\" is allowed in environment \"production\": policy"
                + " \"restricted\" allows images from quay.io/acme.");
    assertThat(explained(new RuleBook("production", "", null, new TreeMap<>()), "nginx"))
        .isEqualTo(
            "image \"nginx\" is allowed in environment \"production\": no policy limits its"
                + " registry.");
  }

  @Test
  void saysWhatToWriteWhereNothingIsRedirected() {
    assertThat(Wording.instead("nginx", "a.io/hub/library/nginx"))
        .isEqualTo(
            " Images without a host are not redirected here: instead of \"nginx\" write"
                + " \"a.io/hub/library/nginx\".");
  }

  @Test
  void isOneLineThatApiServersTake() {
    String path = "/" + "p".repeat(200) + "/" + "q".repeat(50);
    RuleBook rules = rules(entries(500, path));
    Stream<String> images =
        Stream.concat(
            Stream.of("a\nb", "\u2028", "a".repeat(5000), "\u0430".repeat(1024), ""),
            GeneratedImages.images(1, 1000).stream());
    assertThat(images.map(image -> explained(rules, image)))
        .allMatch(text -> text.matches("[ -~]+") && text.length() < LONGEST_MESSAGE);
  }

  @Test
  void showsNoImageThatCouldMislead() {
    assertThat(explained(rules("quay.io"), "qu\u0430y.io/app"))
        .startsWith(
            "image \"(of more than 1024 characters, or with some that no image reference has)\" is"
                + " not allowed");
    assertThat(Wording.shown("x".repeat(1024))).hasSize(1024);
    assertThat(Wording.shown("x".repeat(1025))).isEqualTo(Wording.NOT_SHOWN);
    assertThat(Wording.shown("a b")).isEqualTo(Wording.NOT_SHOWN);
  }

  private static String explained(RuleBook rules, String image) {
    return rules.explain(image, rules.judge(image));
  }

  private static RuleBook rules(String... allowed) {
    return new RuleBook(
        "production",
        "restricted",
        Stream.of(allowed).map(RepositoryPrefix::parse).toList(),
        new TreeMap<>());
  }

  private static String[] entries(int count, String path) {
    return IntStream.range(0, count).mapToObj(i -> "r" + i + ".io" + path).toArray(String[]::new);
  }
}
