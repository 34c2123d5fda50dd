package dev.tidewaiter.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The table of cases, in Java.
class ImageCasesTest {
  private final List<ImageCase> cases = ImageCases.all();

  @Test
  void judgesEveryCaseAsTheTableSays() {
    assertThat(wrong(ImageCase::verdict, one -> one.regime().judge(one.image()))).isEmpty();
  }

  @Test
  void pullsEveryCaseFromWhereTheTableSays() {
    assertThat(wrong(ImageCase::pulled, one -> one.regime().admitted(one.image()))).isEmpty();
  }

  private List<String> wrong(
      Function<ImageCase, Object> expected, Function<ImageCase, Object> actual) {
    return cases.stream()
        .filter(one -> !expected.apply(one).equals(actual.apply(one)))
        .map(one -> one + ": " + expected.apply(one) + " expected, was " + actual.apply(one))
        .toList();
  }

  @Test
  void holdsEnoughOfEveryVerdictAndEveryRuleBook() {
    Map<String, Long> verdicts = counted(one -> one.verdict().getClass().getSimpleName());
    assertThat(verdicts.keySet())
        .containsExactlyInAnyOrder("Allowed", "NotListed", "Inactive", "Malformed");
    assertThat(verdicts.values()).allMatch(count -> count >= 30);
    assertThat(counted(ImageCase::book).keySet()).isEqualTo(RuleBooks.all().keySet());
    assertThat(cases).hasSizeGreaterThan(600);
    assertThat(cases.stream().filter(one -> one.rewritten().isPresent())).hasSizeGreaterThan(40);
  }

  private Map<String, Long> counted(Function<ImageCase, String> name) {
    return cases.stream().collect(Collectors.groupingBy(name, Collectors.counting()));
  }

  @Test
  void holdsNoCaseTwice() {
    Map<String, Long> counts = counted(one -> one.book() + " " + one.image());
    assertThat(counts.entrySet().stream().filter(count -> count.getValue() > 1)).isEmpty();
  }

  @Test
  void namesOnlyRulesOfTheBook() {
    assertThat(cases)
        .allSatisfy(
            one -> {
              if (one.verdict() instanceof Verdict.Allowed(RepositoryPrefix rule) && rule != null) {
                assertThat(one.regime().rules().allowed()).contains(rule);
              }
              if (one.verdict() instanceof Verdict.Inactive inactive) {
                assertThat(one.regime().rules().inactive())
                    .containsEntry(inactive.address(), inactive.registry());
              }
            });
  }
}
