package dev.tidewaiter.desired;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Environment.Hosts;
import dev.tidewaiter.config.Environment.Namespaces;
import dev.tidewaiter.config.Environment.PullSecret;
import dev.tidewaiter.config.Environment.ServiceAccounts;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One compilation that a test changes where it matters: environment `production` with the
/// registries `hub` and `quay`, both resolved, on the cluster `prod-eu`.
final class Fixture {
  static final String TARGET = "prod-eu";
  static final Namespaces SHOP = new Namespaces(false, List.of("shop"), null, List.of(), List.of());
  static final NamespaceLimits NO_LIMITS = new NamespaceLimits(List.of(), List.of());

  final Map<String, RegistryMaterial> material = new HashMap<>();
  final Map<ResourceId, Set<String>> lingering = new HashMap<>();
  final TreeMap<String, Registry> registries = new TreeMap<>();
  final TreeMap<String, Environment> others = new TreeMap<>();
  Map<String, String> superseded = Map.of();
  NamespaceLimits limits = NO_LIMITS;
  String name = "production";
  Place place = Place.of("production.yaml");
  Environment.State state = Environment.State.ACTIVE;
  @Nullable List<String> clusters;
  Namespaces namespaces = SHOP;
  PullSecret.Mode mode = PullSecret.Mode.MERGED;
  ServiceAccounts serviceAccounts = new ServiceAccounts(false, List.of("default"));
  @Nullable RegistryPolicy policy;
  boolean injectPullSecrets;
  Enforcing enforcing = Enforcing.AS_DECLARED;
  @Nullable Hosts hosts;
  Environment.Prune prune = new Environment.Prune(20, 25, "");
  private final Sealer sealer = Sealer.withRandomKey();

  Fixture() {
    declare("hub", "docker.io");
    declare("quay", "quay.io");
  }

  void declare(String registry, String address) {
    declare(registry, address, Registry.State.ACTIVE, new Registry.Tls(null, null, false));
  }

  void declare(String registry, String address, Registry.State state, Registry.Tls tls) {
    var basic =
        new CredentialSource.Basic(
            new TextSource.Inline("acme"),
            new SecretReference.Vault("secret/" + registry, "password", null),
            null);
    registries.put(
        registry,
        new Registry(
            registry,
            Place.of(registry + ".yaml"),
            new RegistryAddress(address),
            state,
            basic,
            tls,
            new Registry.Verify(Registry.Proof.NEVER, List.of()),
            List.of()));
    material.put(registry, resolved(registry));
  }

  static RegistryMaterial resolved(String registry) {
    return new RegistryMaterial(ready("password of " + registry), null, null, null);
  }

  static RegistryMaterial withheld(String reason) {
    return new RegistryMaterial(new Minted.Withheld(Minted.Cause.DENIED, reason), null, null, null);
  }

  static Minted ready(String password) {
    return new Minted.Ready(new Credential(Secret.of("acme"), Secret.of(password), null, null));
  }

  Environment environment() {
    return new Environment(
        name,
        place,
        state,
        List.copyOf(registries.keySet()),
        policy == null ? null : policy.name(),
        clusters,
        namespaces,
        new PullSecret("pull", mode),
        serviceAccounts,
        injectPullSecrets,
        hosts,
        Environment.DriftMode.ENFORCE,
        Environment.Suspend.NONE,
        prune,
        Environment.DuplicateAddresses.MOST_RECENTLY_ADDED);
  }

  private SortedMap<String, RegistryPolicy> policies() {
    var policies = new TreeMap<String, RegistryPolicy>();
    RegistryPolicy declared = policy;
    if (declared != null) {
      policies.put(declared.name(), declared);
    }
    return policies;
  }

  /// Declares another environment that selects the same as this one does now.
  void declareRival(String rival) {
    String own = name;
    name = rival;
    others.put(rival, environment());
    name = own;
  }

  Compiled compile(Surroundings surroundings) {
    var environments = new TreeMap<>(others);
    environments.put(name, environment());
    var declarations =
        new Declarations(registries, policies(), environments, Map.of(name, superseded));
    return Compiler.compile(
        new Compilation(
            declarations,
            environment(),
            TARGET,
            surroundings,
            limits,
            material,
            lingering,
            sealer,
            enforcing,
            "prod",
            "tidewaiter"));
  }

  static Surroundings.Cluster cluster(Surroundings.Namespace... namespaces) {
    return cluster(Admission.none(""), namespaces);
  }

  static Surroundings.Cluster cluster(Admission admission, Surroundings.Namespace... namespaces) {
    var byName = new TreeMap<String, Surroundings.Namespace>();
    for (Surroundings.Namespace namespace : namespaces) {
      byName.put(namespace.name(), namespace);
    }
    return new Surroundings.Cluster(byName, admission);
  }

  static Surroundings.Namespace namespace(String name, String... owners) {
    return new Surroundings.Namespace(
        name, Map.of(), "", false, List.of("default", "builder"), List.of(owners));
  }
}
