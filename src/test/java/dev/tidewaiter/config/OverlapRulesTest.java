package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two environments that select the same namespace or host.
class OverlapRulesTest {
  private static Loaded load(String one, String two) {
    return new DeclarationLoader()
        .load(
            Trees.documents(Trees.environment("one", one), Trees.environment("two", two)),
            LoadContext.applying(null, AdditionOrder.unknown()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {namespaces: {names: [shop, a]}} | {namespaces: {names: [shop, b]}} | namespace `shop`
          {namespaces: {all: true}} | {namespaces: {names: [shop]}} | namespace `shop`
          {namespaces: {all: true}} | {namespaces: {all: true}} | all namespaces, or some by label or project
          {namespaces: {all: true}} | {namespaces: {selector: {matchLabels: {team: a}}}} | all namespaces, or some by label or project
          {namespaces: {projects: ['c:p']}} | {namespaces: {projects: ['c:p']}} | project `c:p`
          {namespaces: {selector: {matchLabels: {team: a}}}} | {namespaces: {selector: {matchLabels: {team: a, x: y}}}} | the same labels
          {namespaces: {names: [kube-system]}} | {namespaces: {names: [kube-system]}} | namespace `kube-system`
          {clusters: [a, b], namespaces: {names: [shop]}} | {clusters: [b], namespaces: {names: [shop]}} | namespace `shop`
          {clusters: [a], namespaces: {names: [shop]}} | {namespaces: {names: [shop]}} | namespace `shop`
          {hosts: {selector: {matchLabels: {role: w}}}} | {hosts: {selector: {matchLabels: {role: w, zone: 'a'}}}} | the same hosts
          """)
  void refusesWhatOverlaps(String one, String two, String what) {
    assertThat(load(one, two))
        .isInstanceOfSatisfying(
            Loaded.Rejected.class,
            rejected ->
                assertThat(rejected.problems())
                    .extracting(Problem::message)
                    .containsExactly("Environments `one` and `two` both select " + what + "."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {namespaces: {names: [a]}} | {namespaces: {names: [b]}}
          {namespaces: {all: true, exclude: [shop]}} | {namespaces: {names: [shop]}}
          {namespaces: {all: true}} | {namespaces: {names: [kube-system]}}
          {namespaces: {selector: {matchLabels: {team: a}}}} | {namespaces: {selector: {matchLabels: {team: b}}}}
          {namespaces: {selector: {matchLabels: {team: a}}}} | {namespaces: {names: [shop]}}
          {namespaces: {projects: ['c:p']}} | {namespaces: {projects: ['c:q']}}
          {clusters: [a], namespaces: {names: [shop]}} | {clusters: [b], namespaces: {names: [shop]}}
          {state: Retired, namespaces: {names: [shop]}} | {namespaces: {names: [shop]}}
          {hosts: {selector: {matchLabels: {role: w}}}} | {hosts: {selector: {matchLabels: {role: x}}}}
          """)
  void acceptsWhatDoesNotOrMayNotMeet(String one, String two) {
    assertThat(load(one, two)).isInstanceOf(Loaded.Accepted.class);
  }
}
