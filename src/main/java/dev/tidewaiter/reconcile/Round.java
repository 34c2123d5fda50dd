package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.secrets.SecretResolver;
import dev.tidewaiter.source.Source;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds out what should be: fetch, load, resolve, mint. Once per daemon, not per environment.
///
/// A repository or secret store that does not answer is part of the result, not an error: secrets
/// are resolved though the repository is away, and declarations load though the store is.
public final class Round {
  private final Repository repository;
  private final Materials materials;
  private final InstantSource clock;

  /// @param environments those that this daemon serves; null for all
  public Round(
      Source source,
      Loading loading,
      SecretResolver resolver,
      Minting minting,
      @Nullable List<String> environments,
      InstantSource clock) {
    this.repository = new Repository(source, loading);
    this.materials =
        new Materials(
            resolver, minting, name -> environments == null || environments.contains(name));
    this.clock = clock;
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
