package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResourceIdTest {
  /// The sums of the texts' hashes would be a tenth as many.
  @Test
  void numberedScopesWithNumberedNamesHaveHashesOfTheirOwn() {
    var hashes =
        IntStream.range(0, 10_000)
            .mapToObj(i -> numbered(i / 100, i % 100).hashCode())
            .collect(Collectors.toSet());
    assertThat(hashes).hasSizeGreaterThan(9_900);
  }

  @Test
  void equalIdsHaveEqualHashes() {
    assertThat(numbered(7, 11)).isEqualTo(numbered(7, 11)).hasSameHashCodeAs(numbered(7, 11));
  }

  private static ResourceId numbered(int scope, int name) {
    return new ResourceId(
        ResourceKind.PULL_SECRET, "shop-%03d".formatted(scope), "pull-%03d".formatted(name));
  }
}
