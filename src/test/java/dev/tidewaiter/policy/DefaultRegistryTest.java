package dev.tidewaiter.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ImageReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds of every image under every default registry; single ones are in the table of cases.
class DefaultRegistryTest {
  private static final List<String> IMAGES = GeneratedImages.images(4711, 6000);

  static Stream<DefaultRegistry> registries() {
    return Stream.of(
            "registry.acme.example/hub",
            "mirror.acme.example:5000",
            "registry.acme.example:443/a/b",
            "localhost",
            "index.docker.io",
            "docker.io/acme")
        .map(RepositoryPrefix::parse)
        .flatMap(
            prefix ->
                Stream.of(LibraryPrefix.values())
                    .map(library -> new DefaultRegistry(prefix, library)));
  }

  @ParameterizedTest
  @MethodSource("registries")
  void leavesWhatItMade(DefaultRegistry registry) {
    assertThat(rewritten(registry)).hasSizeGreaterThan(500);
    assertThat(rewritten(registry).values()).allMatch(image -> registry.rewrite(image).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("registries")
  void keepsTagAndDigest(DefaultRegistry registry) {
    rewritten(registry)
        .forEach(
            (image, made) -> {
              ImageReference before = ImageReference.parse(image).orElseThrow();
              String version = image.substring(nameOf(image).length());
              assertThat(made).startsWith(registry.prefix() + "/").endsWith(version);
              ImageReference.parse(made)
                  .ifPresent(
                      after -> {
                        assertThat(after.tag()).isEqualTo(before.tag());
                        assertThat(after.digest()).isEqualTo(before.digest());
                        assertThat(registry.prefix().covers(RepositoryName.of(made).orElseThrow()))
                            .isTrue();
                      });
            });
  }

  private static String nameOf(String image) {
    return image.replaceFirst("@.*", "").replaceFirst(":[^/]*$", "");
  }

  /// What Docker Hub tells apart stays apart, and what it does not becomes the same.
  @ParameterizedTest
  @MethodSource("registries")
  void keepsRepositoriesApart(DefaultRegistry registry) {
    Map<RepositoryName, String> made = new HashMap<>();
    Map<String, RepositoryName> from = new HashMap<>();
    rewritten(registry)
        .forEach(
            (image, result) -> {
              RepositoryName name = RepositoryName.of(image).orElseThrow();
              assertThat(made.merge(name, nameOf(result), (one, other) -> one))
                  .isEqualTo(nameOf(result));
              assertThat(from.merge(nameOf(result), name, (one, other) -> one)).isEqualTo(name);
            });
  }

  @ParameterizedTest
  @MethodSource("registries")
  void leavesWhatHasAHostAndWhatIsNoReference(DefaultRegistry registry) {
    Map<String, String> rewritten = rewritten(registry);
    assertThat(IMAGES.stream().filter(image -> !rewritten.containsKey(image)))
        .isNotEmpty()
        .allMatch(
            image ->
                ImageReference.parse(image).isEmpty()
                    || image.matches("(localhost|[^/]*[.:A-Z][^/]*)/.*"));
  }

  private static Map<String, String> rewritten(DefaultRegistry registry) {
    Map<String, String> made = new HashMap<>();
    IMAGES.forEach(image -> registry.rewrite(image).ifPresent(to -> made.put(image, to)));
    return made;
  }
}
