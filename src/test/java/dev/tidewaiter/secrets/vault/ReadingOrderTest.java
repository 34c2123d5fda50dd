package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.secrets.vault.PathReader.SecretPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadingOrderTest {
  private static final Duration QUICK = Duration.ofMillis(3);
  private static final Duration SLOW = Duration.ofSeconds(14);

  private final ReadingOrder order = new ReadingOrder();

  @Test
  void everyPathHasOneTurnInARoundByWhicheverLine() {
    Set<SecretPath> wanted = paths("a", "b", "c", "d");
    order.begin(wanted);
    order.asked(new SecretPath("a", null), QUICK);
    order.begin(wanted);

    assertThat(taken(order::nextOther, 2)).doesNotContain("a");
    assertThat(taken(order::nextQuick, 3)).hasSize(2).startsWith("a");
    assertThat(order.nextQuick()).isEmpty();
    assertThat(order.nextOther()).isEmpty();
  }

  @Test
  void theSlowKeepTheQuickFromNothing() {
    Set<SecretPath> wanted = paths("slow-1", "quick", "slow-2", "new");
    order.begin(wanted);
    order.asked(new SecretPath("slow-1", null), SLOW);
    order.asked(new SecretPath("slow-2", null), SLOW);
    order.asked(new SecretPath("quick", null), QUICK);
    order.begin(wanted);

    assertThat(taken(order::nextQuick, 1)).containsExactly("quick");
    assertThat(taken(order::nextQuick, 1)).containsExactly("new");
    assertThat(taken(order::nextOther, 3)).containsExactlyInAnyOrder("slow-1", "slow-2");
  }

  @Test
  void theQuickDoNotKeepTheSlowFromTheirTurn() {
    Set<SecretPath> wanted = paths("slow", "quick-1", "quick-2");
    order.begin(wanted);
    order.asked(new SecretPath("slow", null), SLOW);
    order.asked(new SecretPath("quick-1", null), QUICK);
    order.asked(new SecretPath("quick-2", null), QUICK);
    order.begin(wanted);

    assertThat(taken(order::nextOther, 1)).containsExactly("slow");
  }

  @Test
  void eachRoundGoesOnWhereTheLastOneEnded() {
    Set<SecretPath> wanted =
        IntStream.range(0, 10)
            .mapToObj(i -> new SecretPath("slow-" + i, null))
            .collect(Collectors.toSet());
    List<String> read = new ArrayList<>();
    for (int rounds = 0; rounds < 5; rounds++) {
      order.begin(wanted);
      List<String> taken = taken(order::nextOther, 4);
      taken.forEach(path -> order.asked(new SecretPath(path, null), SLOW));
      read.addAll(taken);
    }

    assertThat(read.subList(0, 10)).doesNotHaveDuplicates();
    assertThat(read.subList(10, 20)).doesNotHaveDuplicates();
  }

  private static Set<SecretPath> paths(String... paths) {
    return Arrays.stream(paths)
        .map(path -> new SecretPath(path, null))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static List<String> taken(Supplier<Optional<SecretPath>> line, int most) {
    return Stream.generate(line)
        .limit(most)
        .flatMap(Optional::stream)
        .map(SecretPath::path)
        .toList();
  }
}
