package dev.tidewaiter.cli;

import dev.tidewaiter.config.Bindings;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.reconcile.AuditLog;
import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.Reason;
import dev.tidewaiter.reconcile.Round;
import dev.tidewaiter.reconcile.ServedTarget;
import dev.tidewaiter.reconcile.Setup;
import dev.tidewaiter.reconcile.StateDirectory;
import dev.tidewaiter.reconcile.Stop;
import dev.tidewaiter.secrets.ComposedSecretResolver;
import dev.tidewaiter.secrets.SecretResolver;
import dev.tidewaiter.secrets.file.FileSecretResolver;
import dev.tidewaiter.secrets.vault.VaultSecretResolver;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.git.GitSource;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The composition root: one daemon's parts, made from its configuration. Nothing is asked of any
/// server yet.
final class Wiring implements AutoCloseable {
  private final DaemonConfiguration configuration;
  private final Source source;
  private final @Nullable VaultSecretResolver vault;
  private final List<ServedTarget> targets;
  private final Setup setup;

  private Wiring(
      DaemonConfiguration configuration,
      Source source,
      @Nullable VaultSecretResolver vault,
      List<ServedTarget> targets,
      Setup setup) {
    this.configuration = configuration;
    this.source = source;
    this.vault = vault;
    this.targets = targets;
    this.setup = setup;
  }

  /// @throws CommandFailure if the configuration cannot be served: a directory that cannot be made
  static Wiring of(DaemonConfiguration configuration) throws CommandFailure {
    try {
      var state = StateDirectory.open(configuration.stateDirectory());
      var sealer = Sealer.withRandomKey();
      var random = new SecureRandom();
      var repository = configuration.repository();
      var clone =
          state.repository(
              repository.url().toString(), repository.reference().toString(), repository.path());
      var settings = configuration.vault();
      @Nullable VaultSecretResolver vault =
          settings == null
              ? null
              : new VaultSecretResolver(
                  Adapters.vault(settings, configuration.proxy())
                      .withRoundsEvery(repository.interval()),
                  System::nanoTime,
                  random);
      return new Wiring(
          configuration,
          new GitSource(Adapters.git(configuration, clone)),
          vault,
          Targets.open(configuration, sealer),
          new Setup(
              configuration.instance(),
              sealer,
              new AuditLog(state.audit()),
              Clock.systemUTC(),
              System::nanoTime,
              random,
              new Stop()));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          configuration.stateDirectory()
              + ": The state directory cannot be used ("
              + e.getClass().getSimpleName()
              + ").\n  Make it, let it belong to the user that tidewaiter runs as, or name another with"
              + " `stateDirectory`.");
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  Round round() {
    return new Round(source, new DeclarationLoader(), secrets(), configuration, setup.clock());
  }

  private SecretResolver secrets() {
    return new ComposedSecretResolver(
        vault, new FileSecretResolver(configuration.allowedDirectories()));
  }

  /// True as long as the process runs: prefixes of Vault that any declaration may send anywhere.
  List<Condition> standingConditions() {
    var conditions = new ArrayList<Condition>();
    Bindings.unbound(configuration)
        .forEach(
            allowed ->
                conditions.add(
                    new Condition(
                        Reason.SecretsUnbound,
                        "vault.allowedPaths: `"
                            + allowed.path()
                            + "` is bound to no address and no environment; any declaration may send"
                            + " what is beneath it anywhere")));
    return conditions;
  }

  /// Which environments this daemon serves.
  Predicate<String> served() {
    return Round.served(configuration);
  }

  Source source() {
    return source;
  }

  List<ServedTarget> targets() {
    return targets;
  }

  Setup setup() {
    return setup;
  }

  DaemonConfiguration configuration() {
    return configuration;
  }

  @Override
  public void close() {
    targets.forEach(target -> target.target().close());
    if (vault != null) {
      vault.close();
    }
    source.close();
  }
}
