package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.cli.impact.Affected;
import dev.tidewaiter.cli.impact.ClustersSnapshot;
import dev.tidewaiter.cli.impact.Judging;
import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.ImageCase;
import dev.tidewaiter.policy.ImageCases;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Holds what `explain` and `impact` say to the table of cases that API servers are held to.
class AgreementTest {
  private static final String ENVIRONMENT = "production";
  private static final Place PLACE = Place.of("table.yaml");

  @Test
  void explainSaysOfEveryImageWhatTheTableSays() {
    assertThat(ImageCases.all())
        .hasSizeGreaterThan(300)
        .allSatisfy(
            one -> {
              Declarations declared = declared(one.regime());
              Environment environment = declared.environments().sequencedValues().getFirst();
              var explaining =
                  new Explaining(declared, one.image(), new Explaining.Where("shop", null, null));
              var ruling = explaining.ruling(environment);
              boolean allowed = ruling == null || ruling.verdict().equals("Allowed");
              assertThat(allowed).as(one.toString()).isEqualTo(one.verdict().isAllowed());
              assertThat(explaining.becomes(environment))
                  .as(one.toString())
                  .isEqualTo(one.rewritten().orElse(null));
            });
  }

  @Test
  void impactDeniesOfEveryImageWhatTheTableDenies() {
    var books = new TreeMap<String, List<ImageCase>>();
    ImageCases.all()
        .forEach(one -> books.computeIfAbsent(one.book(), _ -> new ArrayList<>()).add(one));
    books.values().forEach(AgreementTest::impactDeniesWhatIsDenied);
  }

  private static void impactDeniesWhatIsDenied(List<ImageCase> cases) {
    Regime regime = cases.getFirst().regime();
    var snapshot = snapshot(cases.stream().map(ImageCase::image).toList());
    var cluster = snapshot.clusters().getFirst();
    List<Affected.Entry> found =
        new Judging(snapshot, cluster, declarations(null, List.of()), declared(regime))
            .affected(null, _ -> true).stream().flatMap(one -> one.findings().stream()).toList();
    for (int i = 0; i < cases.size(); i++) {
      String name = "workload-" + i;
      List<String> effects =
          found.stream()
              .filter(entry -> entry.name().equals(name))
              .map(Affected.Entry::effect)
              .toList();
      assertThat(effects.contains("Denied"))
          .as(cases.get(i).toString())
          .isEqualTo(!cases.get(i).verdict().isAllowed());
    }
  }

  private static ClustersSnapshot snapshot(List<String> images) {
    var workloads = new ArrayList<Workload>();
    for (String image : images) {
      String name = "workload-" + workloads.size();
      workloads.add(
          new Workload("Pod", "shop", name, false, List.of(image), new TreeSet<>(), "default"));
    }
    var namespace =
        new Surroundings.Namespace("shop", Map.of(), "", false, List.of("default"), List.of());
    var cluster =
        new ClustersSnapshot.Cluster(
            "prod",
            new NamespaceLimits(List.of(), List.of()),
            "tidewaiter",
            new Admission(true, Admission.Mutating.V1, "v1.36.3"),
            List.of(namespace),
            workloads);
    return new ClustersSnapshot(1, Instant.EPOCH, "test", List.of(), List.of(cluster));
  }

  /// The declarations that come to a regime.
  private static Declarations declared(Regime regime) {
    List<RepositoryPrefix> allowed = regime.rules().allowed();
    var registry = regime.defaultRegistry();
    var policy =
        new RegistryPolicy(
            "table",
            PLACE,
            registry == null ? null : registry.prefix().toString(),
            registry == null ? LibraryPrefix.KEEP : registry.library(),
            allowed == null ? null : allowed.stream().map(RepositoryPrefix::toString).toList(),
            RegistryPolicy.Enforcement.DENY,
            List.of(),
            RegistryPolicy.Activation.DEFAULT);
    var inactive = new ArrayList<Registry>();
    regime.rules().inactive().forEach((address, name) -> inactive.add(inactive(name, address)));
    return declarations(policy, inactive);
  }

  private static Registry inactive(String name, RegistryAddress address) {
    return new Registry(
        name,
        PLACE,
        address,
        Registry.State.INACTIVE,
        new CredentialSource.Anonymous(),
        new Registry.Tls(null, null, false),
        new Registry.Verify(Registry.Proof.NEVER, List.of()),
        List.of());
  }

  private static Declarations declarations(
      @Nullable RegistryPolicy policy, List<Registry> registries) {
    SortedMap<String, Registry> byName = new TreeMap<>();
    registries.forEach(registry -> byName.put(registry.name(), registry));
    SortedMap<String, RegistryPolicy> policies = new TreeMap<>();
    if (policy != null) {
      policies.put(policy.name(), policy);
    }
    var environment =
        new Environment(
            ENVIRONMENT,
            PLACE,
            Environment.State.ACTIVE,
            List.copyOf(byName.keySet()),
            policy == null ? null : policy.name(),
            null,
            new Environment.Namespaces(false, List.of("shop"), null, List.of(), List.of()),
            new Environment.PullSecret("pulls", Environment.PullSecret.Mode.MERGED),
            new Environment.ServiceAccounts(false, List.of()),
            false,
            null,
            Environment.DriftMode.ENFORCE,
            Environment.Suspend.NONE,
            new Environment.Prune(20, 25, ""),
            Environment.DuplicateAddresses.MOST_RECENTLY_ADDED);
    return new Declarations(
        byName, policies, new TreeMap<>(Map.of(ENVIRONMENT, environment)), Map.of());
  }
}
