package dev.tidewaiter.desired;

import static dev.tidewaiter.desired.Fixture.cluster;
import static dev.tidewaiter.desired.Fixture.namespace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Environment.Namespaces;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which namespaces an environment gets, and who keeps those that several want.
class NamespaceSelectionTest {
  private final Fixture fixture = new Fixture();

  @Test
  void unitesTheClausesMinusExclude() {
    fixture.namespaces =
        new Namespaces(
            false,
            List.of("named", "excluded"),
            Map.of("team", "payments"),
            List.of("c-abc12:p-xyz34"),
            List.of("excluded"));
    assertThat(
            selected(
                namespace("named"),
                namespace("excluded"),
                labelled("labelled", Map.of("team", "payments", "other", "label")),
                labelled("of-another-team", Map.of("team", "search")),
                inProject("in-project", "c-abc12:p-xyz34"),
                inProject("in-another-project", "c-abc12:p-other"),
                namespace("of-nobody")))
        .containsExactlyInAnyOrder("named", "labelled", "in-project");
  }

  @Test
  void systemNamespacesAndItsOwnOnlyWhereNamed() {
    fixture.namespaces = all();
    Surroundings.Namespace[] namespaces = {
      namespace("shop"), namespace("kube-system"), namespace("cattle-fleet"),
      namespace("openshift-dns"), namespace("tidewaiter"), namespace("kubernetes-dashboard")
    };
    assertThat(selected(namespaces)).containsExactlyInAnyOrder("shop", "kubernetes-dashboard");

    fixture.namespaces =
        new Namespaces(
            true, List.of("kube-system", "tidewaiter"), null, List.of(), List.of("shop"));
    assertThat(selected(namespaces))
        .containsExactlyInAnyOrder("kube-system", "tidewaiter", "kubernetes-dashboard");
  }

  @Test
  void daemonLimitsWhatDeclarationsSelect() {
    fixture.namespaces = all();
    fixture.limits = new NamespaceLimits(List.of("team-*", "shop"), List.of("team-secret", "*-x"));
    assertThat(
            selected(
                namespace("shop"),
                namespace("shop-2"),
                namespace("team-a"),
                namespace("team-secret"),
                namespace("team-x"),
                namespace("teamX")))
        .containsExactlyInAnyOrder("shop", "team-a");
  }

  @Test
  void otherClustersAreNoneOfItsBusiness() {
    fixture.clusters = List.of("another-cluster");
    assertThat(selected(namespace("shop"))).isEmpty();
    fixture.clusters = List.of("another-cluster", Fixture.TARGET);
    assertThat(selected(namespace("shop"))).containsExactly("shop");
  }

  @Test
  void terminatingNamespaceIsLeftAlone() {
    var going = new Surroundings.Namespace("shop", Map.of(), "", true, List.of(), List.of());
    Compiled compiled = fixture.compile(cluster(going));
    assertThat(compiled.resources()).isEmpty();
    assertThat(compiled.leftAlone()).containsExactly("shop");
    assertThat(compiled.contestedScopes()).isEmpty();
  }

  @Test
  void nobodyActsWhereSeveralClaimAndNoneHolds() {
    fixture.declareRival("staging");
    assertThat(contested(namespace("shop"))).isEqualTo("production, staging");
    assertThat(contested(namespace("shop", "production", "staging")))
        .isEqualTo("production, staging");
  }

  @Test
  void whoAloneHoldsAContestedNamespaceKeepsIt() {
    fixture.declareRival("staging");
    assertThat(contested(namespace("shop", "production"))).isNull();
    assertThat(contested(namespace("shop", "staging"))).isEqualTo("staging");
  }

  @Test
  void retiredRivalClaimsNothing() {
    fixture.state = Environment.State.RETIRED;
    fixture.declareRival("staging");
    fixture.state = Environment.State.ACTIVE;
    assertThat(contested(namespace("shop", "staging"))).isNull();
  }

  @Test
  void whatAVanishedEnvironmentLeftDoesNotBlockTheNext() {
    assertThat(contested(namespace("shop", "vanished"))).isNull();
  }

  @Test
  void nobodyActsWhereAnotherInstanceOwns() {
    assertThat(contested(namespace("shop", "production", "instance prod-us")))
        .isEqualTo("instance prod-us");
  }

  private Set<String> selected(Surroundings.Namespace... namespaces) {
    return fixture.compile(cluster(namespaces)).resources().stream()
        .map(resource -> resource.id())
        .filter(id -> id.kind() == ResourceKind.PULL_SECRET)
        .map(ResourceId::scope)
        .collect(Collectors.toSet());
  }

  /// To whom the namespace belongs; null if the environment acts there.
  private @Nullable String contested(Surroundings.Namespace namespace) {
    Compiled compiled = fixture.compile(cluster(namespace));
    String whose = compiled.contestedScopes().get(namespace.name());
    assertThat(compiled.resources().isEmpty()).isEqualTo(whose != null);
    assertThat(compiled.leftAlone()).isEqualTo(compiled.contestedScopes().keySet());
    return whose;
  }

  private static Namespaces all() {
    return new Namespaces(true, List.of(), null, List.of(), List.of());
  }

  private static Surroundings.Namespace labelled(String name, Map<String, String> labels) {
    return new Surroundings.Namespace(name, labels, "", false, List.of(), List.of());
  }

  private static Surroundings.Namespace inProject(String name, String project) {
    return new Surroundings.Namespace(name, Map.of(), project, false, List.of(), List.of());
  }
}
