package dev.tidewaiter.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.DaemonConfiguration.Cluster;
import dev.tidewaiter.config.DaemonConfiguration.ClusterAccess;
import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.StaticSelection.Verdict;
import dev.tidewaiter.model.Place;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticSelectionTest {
  private static final NamespaceLimits NO_LIMITS = new NamespaceLimits(List.of(), List.of());
  private final StaticSelection selection =
      new StaticSelection(
          List.of(
              cluster("eu", NO_LIMITS),
              cluster("us", new NamespaceLimits(List.of("shop-*"), List.of("shop-x")))));

  @ParameterizedTest
  @CsvSource({
    "shop,        SELECTED",
    "kube-public, SELECTED",
    "cart,        UNDECIDED",
    "left-out,    NOT_SELECTED",
    "kube-system, NOT_SELECTED"
  })
  void namesDecideAndLabelsMay(String namespace, Verdict expected) {
    var clauses =
        new Environment.Namespaces(
            false,
            List.of("shop", "kube-public", "left-out"),
            Map.of("team", "payments"),
            List.of(),
            List.of("left-out"));
    assertThat(selection.of(environment(null, clauses), namespace)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"shop, SELECTED", "kube-system, NOT_SELECTED"})
  void allIsAllButThoseOfTheSystem(String namespace, Verdict expected) {
    var all = new Environment.Namespaces(true, List.of(), null, List.of(), List.of());
    assertThat(selection.of(environment(null, all), namespace)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"shop-a, UNDECIDED", "shop-x, NOT_SELECTED", "cart, NOT_SELECTED"})
  void theLimitsOfItsClustersHold(String namespace, Verdict expected) {
    var project = new Environment.Namespaces(false, List.of(), null, List.of("c-1:p-1"), List.of());
    assertThat(selection.of(environment(List.of("us"), project), namespace)).isEqualTo(expected);
  }

  @Test
  void nothingIsSelectedWithoutACluster() {
    var all = new Environment.Namespaces(true, List.of(), null, List.of(), List.of());
    assertThat(new StaticSelection(List.of()).of(environment(null, all), "shop"))
        .isEqualTo(Verdict.NOT_SELECTED);
    assertThat(selection.of(environment(List.of("absent"), all), "shop"))
        .isEqualTo(Verdict.NOT_SELECTED);
  }

  private static Cluster cluster(String name, NamespaceLimits limits) {
    return new Cluster(name, new ClusterAccess.InCluster(), limits);
  }

  private static Environment environment(
      @Nullable List<String> clusters, Environment.Namespaces namespaces) {
    return new Environment(
        "production",
        Place.of("environment.yaml"),
        Environment.State.ACTIVE,
        List.of(),
        null,
        clusters,
        namespaces,
        new Environment.PullSecret("pull", Environment.PullSecret.Mode.MERGED),
        new Environment.ServiceAccounts(false, List.of()),
        false,
        null,
        Environment.DriftMode.ENFORCE,
        Environment.Suspend.NONE,
        new Environment.Prune(20, 25, ""),
        Environment.DuplicateAddresses.MOST_RECENTLY_ADDED);
  }
}
