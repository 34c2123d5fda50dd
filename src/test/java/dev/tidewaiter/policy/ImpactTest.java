package dev.tidewaiter.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.RegistryAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImpactTest {
  private static final RegistryAddress QUAY = new RegistryAddress("quay.io");
  private static final RegistryAddress HUB = new RegistryAddress("docker.io");
  private static final DefaultRegistry MIRROR =
      new DefaultRegistry(RepositoryPrefix.parse("mirror.io/hub"), LibraryPrefix.KEEP);

  @Test
  void findsWhatIsNewlyDenied() {
    Workload web = workload("web", "quay.io/web", "evil.io/sidecar");
    assertThat(Impact.between(null, allowing("quay.io"), List.of(web)).findings())
        .containsExactly(
            finding(web, "evil.io/sidecar", new Effect.Denied(new Verdict.NotListed())));
    assertThat(Impact.between(allowing("quay.io"), allowing("quay.io"), List.of(web)).findings())
        .isEmpty();
    assertThat(Impact.between(allowing("ghcr.io"), allowing("quay.io"), List.of(web)).findings())
        .isEmpty();
    assertThat(Impact.between(allowing("quay.io"), null, List.of(web)).findings()).isEmpty();
  }

  @Test
  void countsADeniedWorkloadOnce() {
    Workload web = workload("web", "evil.io/a", "evil.io/b");
    Workload api = workload("api", "quay.io/a");
    Impact impact = Impact.between(null, allowing("quay.io"), List.of(web, api));
    assertThat(impact.findings()).hasSize(2);
    assertThat(impact.denied()).containsExactly(web);
  }

  @Test
  void judgesWhatIsPulledAfterwards() {
    Workload web = workload("web", "nginx:1");
    Regime after = new Regime(rules("mirror.io/hub"), MIRROR, Set.of());
    assertThat(Impact.between(allowing("docker.io"), after, List.of(web)).findings())
        .containsExactly(
            finding(web, "nginx:1", new Effect.Moved("nginx:1", "mirror.io/hub/library/nginx:1")));
    assertThat(Impact.between(after, allowing("mirror.io"), List.of(web)).findings())
        .containsExactly(
            finding(web, "nginx:1", new Effect.Denied(new Verdict.NotListed())),
            finding(web, "nginx:1", new Effect.Moved("mirror.io/hub/library/nginx:1", "nginx:1")));
    assertThat(Impact.between(after, null, List.of(web)).findings())
        .containsExactly(
            finding(web, "nginx:1", new Effect.Moved("mirror.io/hub/library/nginx:1", "nginx:1")));
  }

  @Test
  void findsNoMoveInAnotherWayOfWriting() {
    var docker = new DefaultRegistry(RepositoryPrefix.parse("docker.io"), LibraryPrefix.KEEP);
    Workload web = workload("web", "nginx", "acme/app", "quay.io/x", "No:Image:");
    assertThat(Impact.between(null, new Regime(open(), docker, Set.of()), List.of(web)).findings())
        .isEmpty();
  }

  @Test
  void findsWhatLosesItsCredential() {
    Workload web =
        workload("web", "QUAY.io/web", "index.docker.io/acme/app", "ghcr.io/x", "[::1]/x");
    Regime before = new Regime(open(), null, Set.of(QUAY, HUB));
    Regime after = new Regime(open(), null, Set.of(HUB));
    assertThat(Impact.between(before, after, List.of(web)).findings())
        .containsExactly(finding(web, "QUAY.io/web", new Effect.Stripped(QUAY)));
    assertThat(Impact.between(before, null, List.of(web)).findings())
        .containsExactly(
            finding(web, "QUAY.io/web", new Effect.Stripped(QUAY)),
            finding(web, "index.docker.io/acme/app", new Effect.Stripped(HUB)));
    assertThat(Impact.between(after, before, List.of(web)).findings()).isEmpty();
    assertThat(Impact.between(null, before, List.of(web)).findings()).isEmpty();
  }

  @Test
  void findsNoLossWhereAnotherRegistryServesNow() {
    Workload web = workload("web", "nginx");
    Regime before = new Regime(open(), null, Set.of(HUB));
    Regime after = new Regime(open(), MIRROR, Set.of());
    assertThat(Impact.between(before, after, List.of(web)).findings())
        .containsExactly(
            finding(web, "nginx", new Effect.Moved("nginx", "mirror.io/hub/library/nginx")));
  }

  @Test
  void saysBothOfARegistryThatBecomesInactive() {
    Workload web = workload("web", "quay.io/web");
    SortedMap<RegistryAddress, String> inactive = new TreeMap<>(Map.of(QUAY, "quay"));
    Regime after = new Regime(new RuleBook("production", "", null, inactive), null, Set.of());
    assertThat(
            Impact.between(new Regime(open(), null, Set.of(QUAY)), after, List.of(web)).findings())
        .containsExactly(
            finding(web, "quay.io/web", new Effect.Denied(new Verdict.Inactive(QUAY, "quay"))),
            finding(web, "quay.io/web", new Effect.Stripped(QUAY)));
  }

  @Test
  void goesByKindNamespaceAndName() {
    List<Workload> workloads =
        Stream.of("Pod/a/a", "Deployment/b/a", "Deployment/a/b", "Deployment/a/a")
            .map(title -> title.split("/"))
            .map(title -> workload(title[0], title[1], title[2], List.of("evil.io/x")))
            .toList();
    assertThat(Impact.between(null, allowing("quay.io"), workloads).denied())
        .extracting(Workload::title)
        .containsExactly("Deployment/a/a", "Deployment/a/b", "Deployment/b/a", "Pod/a/a");
  }

  private static Impact.Finding finding(Workload workload, String image, Effect effect) {
    return new Impact.Finding(workload, image, effect);
  }

  private static Workload workload(String name, String... images) {
    return workload("Deployment", "shop", name, List.of(images));
  }

  private static Workload workload(
      String kind, String namespace, String name, List<String> images) {
    return new Workload(kind, namespace, name, false, images, new TreeSet<>(), "default");
  }

  private static Regime allowing(String prefix) {
    return new Regime(rules(prefix), null, Set.of());
  }

  private static RuleBook open() {
    return rules(null);
  }

  private static RuleBook rules(@Nullable String prefix) {
    return new RuleBook(
        "production",
        "restricted",
        prefix == null ? null : List.of(RepositoryPrefix.parse(prefix)),
        new TreeMap<>());
  }
}
