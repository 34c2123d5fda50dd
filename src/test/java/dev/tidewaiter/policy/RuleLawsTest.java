package dev.tidewaiter.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ImageReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What holds of every image under every rule book.
class RuleLawsTest {
  private static final long SEED = 20261121;
  private static final Pattern HOST = Pattern.compile("^([^/]*[.:][^/]*|localhost)(?=/)");
  private static final Pattern IDENTIFIER = Pattern.compile("[0-9a-f]{64}");

  private final List<String> images = GeneratedImages.images(SEED, 4000);
  private final List<String> names = GeneratedImages.names(SEED, 2000);
  private final Collection<Regime> books = RuleBooks.all().values();

  @Test
  void meetsEveryVerdict() {
    List<Verdict> verdicts =
        books.stream().flatMap(book -> images.stream().map(book::judge)).toList();
    assertThat(verdicts)
        .hasAtLeastOneElementOfType(Verdict.Allowed.class)
        .hasAtLeastOneElementOfType(Verdict.NotListed.class)
        .hasAtLeastOneElementOfType(Verdict.Inactive.class)
        .hasAtLeastOneElementOfType(Verdict.Malformed.class);
    assertThat(images.stream().filter(image -> ImageReference.parse(image).isPresent()))
        .hasSizeBetween(1000, 3000);
  }

  @Test
  void judgesWhateverTheTag() {
    unchanged(names, name -> name + ":1", name -> name + ":evil.io");
    unchanged(
        names,
        name -> name + ":1",
        name -> IDENTIFIER.matcher(name).matches() ? name + ":2" : name);
  }

  @Test
  void judgesWhateverTheDigest() {
    unchanged(names, name -> name + ":1", name -> name + "@sha256:" + "0".repeat(64));
  }

  @Test
  void judgesWhateverTheCaseOfTheHost() {
    unchanged(images, UnaryOperator.identity(), image -> cased(image, 'a', 'z', 'A'));
    unchanged(images, UnaryOperator.identity(), image -> cased(image, 'A', 'Z', 'a'));
  }

  /// A host with its letters of ASCII from one end of the alphabet to another replaced.
  private static String cased(String image, char from, char to, char by) {
    Matcher host = HOST.matcher(image);
    return host.replaceFirst(
        match ->
            Matcher.quoteReplacement(
                match
                    .group()
                    .codePoints()
                    .map(c -> c >= from && c <= to ? c - from + by : c)
                    .collect(
                        StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString()));
  }

  @Test
  void judgesTheCanonicalFormAlike() {
    unchanged(
        images,
        UnaryOperator.identity(),
        image -> ImageReference.parse(image).map(ImageReference::toString).orElse(image));
  }

  private void unchanged(
      List<String> texts, UnaryOperator<String> one, UnaryOperator<String> other) {
    for (Regime book : books) {
      assertThat(
              texts.stream()
                  .filter(
                      text ->
                          !book.rules()
                              .judge(one.apply(text))
                              .equals(book.rules().judge(other.apply(text)))))
          .as(book.rules().environment())
          .isEmpty();
    }
  }

  @Test
  void neverDeniesForAnEntryMore() {
    for (Regime book : books) {
      List<RepositoryPrefix> allowed = book.rules().allowed();
      if (allowed != null) {
        for (String entry : List.of("quay.io", "docker.io/library", "evil.io:443/app", "a.b/c")) {
          List<RepositoryPrefix> more = new ArrayList<>(allowed);
          more.add(RepositoryPrefix.parse(entry));
          RuleBook wider = new RuleBook("wider", "wider", more, book.rules().inactive());
          assertThat(
                  images.stream()
                      .filter(image -> book.rules().judge(image).isAllowed())
                      .filter(image -> !wider.judge(image).isAllowed()))
              .isEmpty();
        }
      }
    }
  }

  @Test
  void admitsWhatIsBeneathAnEntryByWholeComponents() {
    for (Regime book : books) {
      List<RepositoryPrefix> allowed = book.rules().allowed();
      if (allowed != null) {
        assertThat(images.stream().filter(image -> !isRight(allowed, image, book.rules())))
            .as(book.rules().environment())
            .isEmpty();
      }
    }
  }

  private static boolean isRight(List<RepositoryPrefix> allowed, String image, RuleBook rules) {
    return switch (rules.judge(image)) {
      case Verdict.Allowed(var rule) -> rule != null && beneath(image, rule);
      case Verdict.NotListed() -> allowed.stream().noneMatch(rule -> beneath(image, rule));
      case Verdict.Malformed() -> RepositoryName.of(image).isEmpty();
      case Verdict.Inactive(var address, var registry) ->
          registry.equals(rules.inactive().get(address));
    };
  }

  private static boolean beneath(String image, RepositoryPrefix rule) {
    List<String> wanted = components(rule.toString());
    List<String> components =
        components(RepositoryName.of(image).map(RepositoryName::toString).orElse(""));
    return components.size() >= wanted.size()
        && components.subList(0, wanted.size()).equals(wanted);
  }

  private static List<String> components(String name) {
    return Arrays.asList(name.replaceFirst("^index\\.docker\\.io(?=/|$)", "docker.io").split("/"));
  }

  @Test
  void deniesAnInactiveRegistryOnEitherFormOfItsPort() {
    RuleBook rules = RuleBooks.named("retired").rules();
    Pattern port = Pattern.compile("^(quay\\.io|registry\\.acme\\.example|tls\\.example)(:443)?/");
    assertThat(names.stream().filter(name -> port.matcher(name).find())).hasSizeGreaterThan(100);
    assertThat(names)
        .allMatch(
            name ->
                rules
                    .judge(port.matcher(name).replaceFirst("$1/"))
                    .equals(rules.judge(port.matcher(name).replaceFirst("$1:443/"))));
  }
}
