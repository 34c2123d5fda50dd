package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.registry.CredentialLife;
import dev.tidewaiter.secrets.SecretResolver;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.SourceException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds out what should be: fetch, load, resolve, mint, probe. Once per daemon, not per
/// environment.
///
/// A repository, secret store, cloud or registry that does not answer is part of the result, not an
/// error: secrets are resolved though the repository is away, and declarations load though the
/// store is. One round runs at a time.
public final class Round {
  private final Loading loading;
  private final Repository repository;
  private final Lookout lookout;
  private final Materials materials;
  private final SecretResolver resolver;
  private final CredentialLife life;
  private final InstantSource clock;

  public Round(
      Source source,
      DeclarationLoader loader,
      SecretResolver resolver,
      CredentialLife life,
      DaemonConfiguration configuration,
      InstantSource clock) {
    this(source, loader, resolver, life, configuration, clock, Patience.OF_PRODUCT);
  }

  Round(
      Source source,
      DeclarationLoader loader,
      SecretResolver resolver,
      CredentialLife life,
      DaemonConfiguration configuration,
      InstantSource clock,
      Patience patience) {
    this.loading = new Loading(source, loader, configuration);
    this.repository = new Repository(source, new TimelyLoading(loading, patience.loading()));
    this.lookout = new Lookout(repository, patience.repository());
    this.materials = new Materials(resolver, life, served(configuration), clock);
    this.resolver = resolver;
    this.life = life;
    this.clock = clock;
  }

  /// Which environments a daemon serves, by name.
  public static Predicate<String> served(DaemonConfiguration configuration) {
    List<String> environments = configuration.environments();
    return name -> environments == null || environments.contains(name);
  }

  /// A round of a daemon: it does not wait for who is slow.
  ///
  /// @param before the last round of this process; null for the first
  public RoundResult run(@Nullable RoundResult before, String trigger) {
    return run(before, trigger, Inquiry.BRIEF);
  }

  /// The only round of a process: it waits for every answer.
  public RoundResult complete(String trigger) {
    return run(null, trigger, Inquiry.COMPLETE);
  }

  /// A round that mints and probes nothing, and keeps nothing.
  public RoundResult preview(String trigger) {
    return run(null, trigger, Inquiry.NONE);
  }

  /// The first two steps of a round alone: no secret is read.
  public Standing declared() {
    return repository.stand(Standing.UNKNOWN);
  }

  /// The declarations of a revision that was fetched, by all rules that hold for this daemon.
  ///
  /// @param before what it follows, whose addresses must not change; null for nothing
  public Loaded load(Revision revision, @Nullable Declarations before) throws SourceException {
    return loading.load(revision, before);
  }

  private RoundResult run(@Nullable RoundResult before, String trigger, Inquiry inquiry) {
    var startedAt = clock.instant();
    Standing known = before == null ? Standing.UNKNOWN : before.standing();
    Standing standing =
        switch (inquiry) {
          case BRIEF -> lookout.stand(known);
          case COMPLETE, NONE -> repository.stand(known);
        };
    InForce inForce = standing.inForce();
    var registries =
        inForce == null ? RoundResult.Known.NOTHING : materials.of(inForce.declarations(), inquiry);
    long number = before == null ? 1 : before.number() + 1;
    return new RoundResult(number, trigger, startedAt, standing, registries);
  }

  /// @param action called, from any thread, when an answer came after its round
  void whenLate(Runnable action) {
    life.whenLate(action);
    lookout.whenLate(action);
  }

  /// Says that a credential has replaced the one before wherever that was.
  void delivered(InUse inUse) {
    resolver.promoted(inUse.leases());
  }
}
