package dev.tidewaiter.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fields of policies and bindings, written and read back.
class PolicyObjectTest {
  private static final int GENERATED = 2_000;

  private final RandomGenerator random =
      RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_121);

  @Test
  void whatIsWrittenIsReadBack() {
    for (int i = 0; i < GENERATED; i++) {
      PolicyObject object = generated();
      assertEquals(object, PolicyObject.read(kind(object), object.fields()));
    }
  }

  @Test
  void fieldsAreThoseOfTheContract() {
    var inactive = new TreeMap<>(Map.of(new RegistryAddress("old.example:5000"), "legacy"));
    var rules =
        new RuleBook(
            "production", "restricted", List.of(RepositoryPrefix.parse("quay.io/acme")), inactive);
    var allow =
        new PolicyObject.Allow(
            rules, new Exemption(List.of("kube-*"), List.of("shop-*")), hub(LibraryPrefix.DROP));
    assertEquals(
        Map.of(
            "allow/quay.io/acme", "present",
            "environment", "production",
            "exempt/kube-*", "present",
            "hint", "registry.example/hub Drop",
            "inactive/old.example:5000", "legacy",
            "limited", "true",
            "only/shop-*", "present",
            "policy", "restricted"),
        allow.fields());
    assertEquals(
        Map.of("policy", "p", "namespaces", "labels a/b=,team=payments", "actions", "Warn Audit"),
        new PolicyObject.AllowBinding(
                "p",
                new Clause.Labels(Map.of("team", "payments", "a/b", "")),
                PolicyObject.Actions.WARN)
            .fields());
  }

  static Stream<Map<String, String>> noPolicies() {
    return Stream.of(
        Map.of(),
        Map.of("environment", "production", "limited", "true"),
        Map.of("environment", "production", "allow/quay.io", "present"),
        Map.of("environment", "production", "limited", "yes", "allow/quay.io", "present"),
        Map.of("environment", "production", "limited", "true", "allow/quay.io", "maybe"),
        Map.of("environment", "production", "limited", "true", "allow/https://x", "present"),
        Map.of("environment", "production", "inactive/Quay.io", "quay"),
        Map.of("environment", "production", "spec", "edited"),
        Map.of("environment", "production", "hint", "registry.example/hub"),
        Map.of("environment", "production", "hint", "registry.example/hub keep"));
  }

  @ParameterizedTest
  @MethodSource("noPolicies")
  void whatStandsForNoPolicyIsRefused(Map<String, String> fields) {
    assertThrows(
        IllegalArgumentException.class,
        () -> PolicyObject.read(ResourceKind.ALLOW_POLICY, new TreeMap<>(fields)));
  }

  static Stream<Map<String, String>> noBindings() {
    return Stream.of(
        Map.of("policy", "p", "namespaces", "all"),
        Map.of("policy", "p", "actions", "Deny Audit"),
        Map.of("namespaces", "all", "actions", "Deny Audit"),
        Map.of("policy", "p", "namespaces", "all", "actions", "Deny"),
        Map.of("policy", "p", "namespaces", "names", "actions", "Audit"),
        Map.of("policy", "p", "namespaces", "names ", "actions", "Audit"),
        Map.of("policy", "p", "namespaces", "labels team", "actions", "Audit"),
        Map.of("policy", "p", "namespaces", "everything shop", "actions", "Audit"));
  }

  @ParameterizedTest
  @MethodSource("noBindings")
  void whatStandsForNoBindingIsRefused(Map<String, String> fields) {
    assertThrows(
        IllegalArgumentException.class,
        () -> PolicyObject.read(ResourceKind.ALLOW_BINDING, new TreeMap<>(fields)));
  }

  private PolicyObject generated() {
    return switch (random.nextInt(4)) {
      case 0 -> new PolicyObject.Allow(rules(), exemption(), registry());
      case 1 -> new PolicyObject.Default("e" + number(), registry(), some("pull-"), exemption());
      case 2 -> new PolicyObject.AllowBinding("tidewaiter.i.e", clause(), actions());
      default -> new PolicyObject.DefaultBinding("tidewaiter.i.e", clause());
    };
  }

  private static ResourceKind kind(PolicyObject object) {
    return switch (object) {
      case PolicyObject.Allow _ -> ResourceKind.ALLOW_POLICY;
      case PolicyObject.Default _ -> ResourceKind.DEFAULT_POLICY;
      case PolicyObject.AllowBinding _ -> ResourceKind.ALLOW_BINDING;
      case PolicyObject.DefaultBinding _ -> ResourceKind.DEFAULT_BINDING;
    };
  }

  private RuleBook rules() {
    List<RepositoryPrefix> allowed =
        some("r").stream()
            .map(
                host -> RepositoryPrefix.parse(host + ".io" + (random.nextBoolean() ? "/a/b" : "")))
            .sorted(Comparator.comparing(RepositoryPrefix::toString))
            .toList();
    SortedMap<RegistryAddress, String> inactive = new TreeMap<>();
    some("old").forEach(name -> inactive.put(new RegistryAddress(name + ":5000"), name));
    return new RuleBook(
        "e" + number(),
        random.nextBoolean() ? "" : "p" + number(),
        allowed.isEmpty() ? null : allowed,
        inactive);
  }

  private Exemption exemption() {
    return new Exemption(some("kube-*"), random.nextBoolean() ? List.of() : some("team-*-x"));
  }

  private Clause clause() {
    List<String> some = some("n");
    if (some.isEmpty()) {
      return random.nextBoolean() ? new Clause.All() : new Clause.Proof("e" + number());
    }
    var labels = new TreeMap<String, String>();
    some.forEach(name -> labels.put("acme.example/" + name, random.nextBoolean() ? "" : name));
    return switch (random.nextInt(3)) {
      case 0 -> new Clause.Names(some);
      case 1 -> new Clause.Projects(some);
      default -> new Clause.Labels(labels);
    };
  }

  private PolicyObject.Actions actions() {
    return List.of(PolicyObject.Actions.values()).get(random.nextInt(3));
  }

  private @Nullable DefaultRegistry registry() {
    return random.nextBoolean()
        ? null
        : hub(random.nextBoolean() ? LibraryPrefix.KEEP : LibraryPrefix.DROP);
  }

  private static DefaultRegistry hub(LibraryPrefix library) {
    return new DefaultRegistry(RepositoryPrefix.parse("registry.example/hub"), library);
  }

  private List<String> some(String prefix) {
    return Stream.generate(() -> prefix + number())
        .limit(random.nextInt(4))
        .distinct()
        .sorted()
        .toList();
  }

  private int number() {
    return random.nextInt(10);
  }
}
