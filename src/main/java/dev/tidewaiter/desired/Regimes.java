package dev.tidewaiter.desired;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What environments declare for the images of their pods. Needs no target, so it is the same for
/// the daemon and for commands that compare revisions.
public final class Regimes {
  private static final String HTTPS = ":443";

  private Regimes() {}

  /// What an environment declares; of one that is retired, nothing: no rule and no credential.
  public static Regime of(Declarations declarations, Environment environment) {
    RegistryPolicy policy = policyOf(declarations, environment);
    return new Regime(
        new RuleBook(
            environment.name(),
            policy == null ? "" : policy.name(),
            allowed(policy),
            inactive(declarations, environment)),
        defaultRegistry(policy),
        declarations.serving(environment).stream()
            .filter(registry -> !(registry.credential() instanceof CredentialSource.Anonymous))
            .map(registry -> registry.address().canonical())
            .collect(Collectors.toUnmodifiableSet()));
  }

  /// Whether the policy of an environment leaves a namespace alone because of its name: the
  /// system's always, and those that it exempts.
  public static boolean exempts(
      Declarations declarations, Environment environment, String namespace) {
    var exempt = new ArrayList<>(NamespaceSelection.SYSTEM_NAMES);
    RegistryPolicy policy = policyOf(declarations, environment);
    if (policy != null) {
      exempt.addAll(policy.exemptNamespaces());
    }
    return new Exemption(exempt, List.of()).covers(namespace);
  }

  /// The policy that an environment names; null if it names none, or is retired.
  static @Nullable RegistryPolicy policyOf(Declarations declarations, Environment environment) {
    String name = environment.policy();
    return name == null || environment.state() == Environment.State.RETIRED
        ? null
        : declarations.policies().get(name);
  }

  private static @Nullable List<RepositoryPrefix> allowed(@Nullable RegistryPolicy policy) {
    List<String> listed = policy == null ? null : policy.allowedRegistries();
    return listed == null
        ? null
        : listed.stream()
            .map(RepositoryPrefix::parse)
            .distinct()
            .sorted(Comparator.comparing(RepositoryPrefix::toString))
            .toList();
  }

  private static @Nullable DefaultRegistry defaultRegistry(@Nullable RegistryPolicy policy) {
    String text = policy == null ? null : policy.defaultRegistry();
    return text == null || policy == null
        ? null
        : new DefaultRegistry(RepositoryPrefix.parse(text), policy.libraryPrefix());
  }

  /// Addresses of inactive registries, without those that an active one of the environment has.
  private static SortedMap<RegistryAddress, String> inactive(
      Declarations declarations, Environment environment) {
    var inactive = new TreeMap<RegistryAddress, String>();
    if (environment.state() == Environment.State.RETIRED) {
      return inactive;
    }
    List<Registry> registries =
        declarations.registries().values().stream()
            .filter(registry -> environment.registries().contains(registry.name()))
            .toList();
    var active =
        registries.stream()
            .filter(registry -> registry.state() == Registry.State.ACTIVE)
            .map(registry -> place(registry.address()))
            .collect(Collectors.toSet());
    registries.stream()
        .filter(registry -> registry.state() == Registry.State.INACTIVE)
        .filter(registry -> !active.contains(place(registry.address())))
        .forEach(r -> inactive.putIfAbsent(r.address().canonical(), r.name()));
    return Collections.unmodifiableSortedMap(inactive);
  }

  // The same place under the port that https has anyway: a denial holds for both.
  private static String place(RegistryAddress address) {
    String text = address.canonical().text();
    return text.endsWith(HTTPS) ? text.substring(0, text.length() - HTTPS.length()) : text;
  }
}
