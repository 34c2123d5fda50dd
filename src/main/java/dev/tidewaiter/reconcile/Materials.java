package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.registry.CredentialLife;
import dev.tidewaiter.registry.Demand;
import dev.tidewaiter.registry.Minting;
import dev.tidewaiter.registry.RegistrySituation;
import dev.tidewaiter.registry.Wanted;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The steps of a round that follow loading: resolve each distinct secret reference once, then
/// mint, then probe.
///
/// Nothing is read that no served environment gets: no secret of an inactive or superseded
/// registry, or of a retired environment.
final class Materials {
  private final SecretResolver resolver;
  private final CredentialLife life;
  private final Predicate<String> served;
  private final InstantSource clock;

  /// @param served by the name of an environment
  Materials(
      SecretResolver resolver, CredentialLife life, Predicate<String> served, InstantSource clock) {
    this.resolver = resolver;
    this.life = life;
    this.served = served;
    this.clock = clock;
  }

  /// A registry whose secrets are not known has an entry that says so.
  RoundResult.Known of(Declarations declarations, Inquiry inquiry) {
    List<Environment> environments =
        declarations.environments().values().stream()
            .filter(environment -> served.test(environment.name()))
            .toList();
    SortedMap<String, Use> uses = uses(declarations, environments);
    Map<SecretReference, SecretLookup> lookups =
        resolver.resolve(declarations.secretReferences(environments));
    List<Asked> asked = uses.values().stream().map(use -> asked(use, lookups)).toList();
    List<Wanted> wanted = asked.stream().map(Asked::wanted).toList();
    Map<String, RegistrySituation> situations =
        switch (inquiry) {
          case BRIEF, COMPLETE -> life.advance(wanted, inquiry.patience());
          case NONE -> life.preview(wanted);
        };
    return known(asked, situations);
  }

  /// A registry, and the environments that use it.
  private record Use(Registry registry, Set<String> environments) {}

  /// What is wanted for one of them.
  private record Asked(Use use, Texts texts, Wanted wanted, Map<SecretReference, String> leases) {}

  private static SortedMap<String, Use> uses(
      Declarations declarations, List<Environment> environments) {
    var uses = new TreeMap<String, Use>();
    for (Environment environment : environments) {
      for (Registry registry : declarations.serving(environment)) {
        uses.computeIfAbsent(registry.name(), _ -> new Use(registry, new TreeSet<>()))
            .environments()
            .add(environment.name());
      }
    }
    return uses;
  }

  private static Asked asked(Use use, Map<SecretReference, SecretLookup> lookups) {
    Registry registry = use.registry();
    Texts texts = Texts.of(registry, lookups);
    var wanted =
        new Wanted(
            registry.name(),
            registry.address(),
            registry.credential(),
            Minting.of(registry.address(), registry.credential(), lookups),
            texts.trust(),
            demand(registry.verify().credential()),
            new HashSet<>(registry.verify().images()));
    return new Asked(use, texts, wanted, leases(registry, lookups));
  }

  private static Map<SecretReference, String> leases(
      Registry registry, Map<SecretReference, SecretLookup> lookups) {
    var leases = new HashMap<SecretReference, String>();
    for (SecretReference reference : Minting.references(registry.credential())) {
      leases.put(
          reference,
          lookups.get(reference) instanceof SecretLookup.Found(_, _, var lease) && lease != null
              ? lease.identity()
              : "");
    }
    return leases;
  }

  private static Demand demand(Registry.Proof proof) {
    return switch (proof) {
      case REQUIRED -> Demand.REQUIRED;
      case WHEN_REACHABLE -> Demand.WHEN_REACHABLE;
      case NEVER -> Demand.NEVER;
    };
  }

  private RoundResult.Known known(List<Asked> asked, Map<String, RegistrySituation> situations) {
    Instant now = clock.instant();
    var material = new TreeMap<String, RegistryMaterial>();
    var reports = new TreeMap<String, RegistryReport>();
    var inUse = new ArrayList<InUse>();
    var usedAsBefore = new HashSet<SecretReference>();
    for (Asked one : asked) {
      Registry registry = one.use().registry();
      RegistrySituation situation =
          Objects.requireNonNull(situations.get(registry.name()), "of each that is wanted");
      Texts texts = one.texts();
      var ofRegistry =
          new RegistryMaterial(
              situation.delivered(), texts.ca(), texts.clientCertificate(), texts.clientKey());
      material.put(registry.name(), ofRegistry);
      reports.put(registry.name(), RegistryReporting.of(registry, situation, ofRegistry, now));
      if (situation.promoted()
          && situation.delivered() instanceof Minted.Ready(Credential credential)) {
        inUse.add(new InUse(registry.name(), credential, one.leases(), one.use().environments()));
      } else {
        usedAsBefore.addAll(one.leases().keySet());
      }
    }
    inUse.replaceAll(one -> one.without(usedAsBefore));
    return new RoundResult.Known(material, reports, inUse, life.nextAt().orElse(null));
  }
}
