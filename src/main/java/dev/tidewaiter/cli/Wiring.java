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
import dev.tidewaiter.registry.CredentialLife;
import dev.tidewaiter.registry.RegistryProbe;
import dev.tidewaiter.registry.Timing;
import dev.tidewaiter.registry.oci.OciRegistryProbe;
import dev.tidewaiter.secrets.ComposedSecretResolver;
import dev.tidewaiter.secrets.SecretResolver;
import dev.tidewaiter.secrets.file.FileSecretResolver;
import dev.tidewaiter.secrets.vault.VaultSecretResolver;
import dev.tidewaiter.secrets.vault.VaultSettings;
import dev.tidewaiter.source.Source;
import dev.tidewaiter.source.git.GitSettings;
import dev.tidewaiter.source.git.GitSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The composition root: one daemon's parts, made from its configuration. Nothing is asked of any
/// server yet.
final class Wiring implements AutoCloseable {
  private final DaemonConfiguration configuration;
  private final Source source;
  private final @Nullable VaultSecretResolver vault;
  private final List<ServedTarget> targets;
  private final Setup setup;
  private final Clouds clouds;
  private final RegistryProbe probe;
  private final CredentialLife life;
  private final Closeable lock;

  private Wiring(
      DaemonConfiguration configuration,
      @Nullable Duration relist,
      Borrowing borrowing,
      StateDirectory state,
      Closeable lock)
      throws IOException, CommandFailure {
    var sealer = Sealer.withRandomKey();
    var random = new SecureRandom();
    this.configuration = configuration;
    this.lock = lock;
    this.source = git(configuration, state);
    var settings = configuration.vault();
    this.vault =
        settings == null
            ? null
            : borrowing.open(
                relist == null
                    ? Adapters.vault(settings, configuration.proxy())
                    : Adapters.vault(settings, configuration.proxy())
                        .withRoundsEvery(configuration.repository().interval()),
                System::nanoTime,
                Clock.systemUTC(),
                random);
    this.targets = Targets.open(configuration, relist, sealer);
    this.setup =
        new Setup(
            configuration.instance(),
            sealer,
            new AuditLog(state.audit()),
            Clock.systemUTC(),
            System::nanoTime,
            random,
            new Stop());
    this.clouds = new Clouds(configuration, System.getenv(), setup.nanos(), setup.clock());
    this.probe = new OciRegistryProbe(Adapters.probe(configuration), setup.nanos());
    this.life =
        new CredentialLife(
            clouds,
            probe,
            folder(configuration, state),
            new Timing(setup.clock(), setup.nanos(), random));
  }

  /// Keeps everybody else out of the state directory until it is closed.
  ///
  /// @throws CommandFailure if the configuration cannot be served: a directory that cannot be made
  ///   or is in use
  static Wiring ofDaemon(DaemonConfiguration configuration) throws CommandFailure {
    return of(configuration, configuration.resyncInterval(), VaultSecretResolver::new);
  }

  /// The same for a command that ends, and so watches nothing.
  static Wiring ofCommand(DaemonConfiguration configuration) throws CommandFailure {
    return of(configuration, null, VaultSecretResolver::new);
  }

  /// The same for a command that only looks, and so borrows nothing from Vault.
  static Wiring ofPreview(DaemonConfiguration configuration) throws CommandFailure {
    return of(configuration, null, VaultSecretResolver::withoutLeases);
  }

  /// Whether a path of Vault may be read that yields a lease.
  private interface Borrowing {
    VaultSecretResolver open(
        VaultSettings settings, LongSupplier nanos, InstantSource instants, RandomGenerator random);
  }

  private static Wiring of(
      DaemonConfiguration configuration, @Nullable Duration relist, Borrowing borrowing)
      throws CommandFailure {
    Path directory = configuration.stateDirectory();
    try {
      var state = StateDirectory.open(directory);
      Closeable lock = state.lock().orElseThrow(() -> inUse(directory));
      return new Wiring(configuration, relist, borrowing, state, lock);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          directory
              + ": The state directory cannot be used ("
              + e.getClass().getSimpleName()
              + ").\n  Make it, let it belong to the user that tidewaiter runs as, or name another with"
              + " `stateDirectory`.");
    }
  }

  private static CommandFailure inUse(Path directory) {
    return new CommandFailure(
        ExitCode.USAGE,
        directory
            + ": Another tidewaiter uses this state directory.\n  Stop it, or name another directory with"
            + " --state-directory.");
  }

  private static Source git(DaemonConfiguration configuration, StateDirectory state)
      throws IOException, CommandFailure {
    GitSettings settings;
    try {
      settings = Adapters.git(configuration, folder(configuration, state));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "repository: It cannot be followed: "
              + e.getMessage()
              + ".\n  Correct it in the daemon's configuration.");
    }
    return new GitSource(settings);
  }

  // What belongs to one repository: its clone, and the tokens that its declarations need.
  private static Path folder(DaemonConfiguration configuration, StateDirectory state)
      throws IOException {
    var repository = configuration.repository();
    return state.repository(
        repository.url().toString(), repository.reference().toString(), repository.path());
  }

  Round round() {
    return new Round(
        source, new DeclarationLoader(), secrets(), life, configuration, setup.clock());
  }

  RegistryProbe probe() {
    return probe;
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
                            + "` is bound to no "
                            + (allowed.addresses().isEmpty() ? "address" : "environment")
                            + "; a declaration may send what is beneath it to any")));
    for (Path directory : configuration.allowedDirectories()) {
      conditions.add(
          new Condition(
              Reason.SecretsUnbound,
              "files.allowedDirectories: `"
                  + directory
                  + "` is bound to no address; a declaration may send what is beneath it to any"));
    }
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
    clouds.close();
    source.close();
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of the state directory does not close", e);
    }
  }
}
