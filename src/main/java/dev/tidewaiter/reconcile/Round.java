package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.secrets.SecretResolver;
import dev.tidewaiter.source.Source;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds out what should be: fetch, load, resolve, mint. Once per daemon, not per environment.
///
/// A repository or secret store that does not answer is part of the result, not an error: secrets
/// are resolved though the repository is away, and declarations load though the store is.
public final class Round {
  private final Repository repository;
  private final Materials materials;
  private final InstantSource clock;

  public Round(
      Source source,
      DeclarationLoader loader,
      SecretResolver resolver,
      DaemonConfiguration configuration,
      InstantSource clock) {
    this.repository = new Repository(source, new Loading(source, loader, configuration));
    this.materials = new Materials(resolver, served(configuration));
    this.clock = clock;
  }

  /// Which environments a daemon serves, by name.
  public static Predicate<String> served(DaemonConfiguration configuration) {
    List<String> environments = configuration.environments();
    return name -> environments == null || environments.contains(name);
  }

  /// @param before the last round of this process; null for the first
  public RoundResult run(@Nullable RoundResult before, String trigger) {
    var startedAt = clock.instant();
    Standing standing = repository.stand(before == null ? Standing.UNKNOWN : before.standing());
    InForce inForce = standing.inForce();
    Map<String, RegistryMaterial> material =
        inForce == null ? Map.of() : materials.of(inForce.declarations());
    long number = before == null ? 1 : before.number() + 1;
    return new RoundResult(number, trigger, startedAt, standing, material);
  }
}
