package dev.tidewaiter.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DaemonConfiguration.AllowedPath;
import dev.tidewaiter.config.DaemonConfiguration.GitLogin;
import dev.tidewaiter.config.DaemonConfiguration.Listen;
import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.DaemonConfiguration.Reference;
import dev.tidewaiter.config.DaemonConfiguration.VaultLogin;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.registry.CredentialLife;
import dev.tidewaiter.registry.Timing;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.FakeCloud;
import dev.tidewaiter.testing.FakeRegistry;
import dev.tidewaiter.testing.FakeSecrets;
import dev.tidewaiter.testing.InMemorySource;
import dev.tidewaiter.testing.InMemoryTarget;
import dev.tidewaiter.testing.MutableClock;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A world of fakes, and processes that come and go in it.
final class Harness {
  static final Duration LIMIT = Duration.ofSeconds(20);

  final InMemorySource source = new InMemorySource();
  final FakeSecrets secrets = new FakeSecrets();
  final MutableClock clock = new MutableClock();
  final FakeCloud cloud = new FakeCloud(Duration.ofHours(12));
  final FakeRegistry registries = new FakeRegistry();
  final List<InMemoryTarget> targets = new ArrayList<>();
  final List<CycleReport> reports = new CopyOnWriteArrayList<>();
  private final Path directory;
  private Patience patience = Patience.OF_PRODUCT;

  Harness(Path directory) {
    this.directory = directory;
    secrets.put("secret/quay", "password", "first");
    secrets.put("secret/hub", "password", "of the hub");
  }

  /// From now on nobody waits long for what comes from the repository. Until the daemon has these
  /// conditions and no other.
  static void awaitConditions(ReconcileLoop daemon, Reason... reasons) {
    Await.until(LIMIT, () -> assertThat(reasons(daemon)).containsExactly(reasons));
  }

  static List<Reason> reasons(ReconcileLoop daemon) {
    return daemon.status().conditions().stream().map(Condition::reason).toList();
  }

  static @Nullable Revision inForce(ReconcileLoop daemon) {
    return Optional.ofNullable(daemon.status().round())
        .map(round -> round.standing().inForce())
        .map(InForce::revision)
        .orElse(null);
  }

  void beImpatient() {
    beImpatient(Duration.ofMillis(200));
  }

  void beImpatient(Duration loading) {
    patience = new Patience(Duration.ofMillis(300), loading);
  }

  InMemoryTarget cluster(String name, String... namespaces) {
    var target = new InMemoryTarget(name, Sealer.withRandomKey());
    for (String namespace : namespaces) {
      target.addNamespace(namespace);
    }
    targets.add(target);
    return target;
  }

  InMemoryTarget host(RuntimeFacts... runtimes) {
    InMemoryTarget target = InMemoryTarget.host("build-1", Sealer.withRandomKey(), runtimes);
    targets.add(target);
    return target;
  }

  static ResourceId secret(String namespace) {
    return new ResourceId(ResourceKind.PULL_SECRET, namespace, "registry-credentials");
  }

  /// Waits until so many changes have ended, also those of scopes that hung.
  void awaitAudited(int changes) {
    Await.until(
        LIMIT,
        () -> assertThat(Files.readAllLines(directory.resolve("audit.jsonl"))).hasSize(changes));
  }

  /// A new process, which has never run before.
  OneShot process() {
    return process(_ -> true);
  }

  /// @param served which environments it serves
  OneShot process(Predicate<String> served) {
    Setup setup = setup();
    return new OneShot(round(), source, served(), served, setup);
  }

  Withdrawal withdrawal() {
    return withdrawal(_ -> true);
  }

  /// @param served which environments the daemon serves
  Withdrawal withdrawal(Predicate<String> served) {
    return new Withdrawal(served(), served, setup());
  }

  /// A daemon that asks the repository only when it is told to.
  ReconcileLoop daemon() {
    return daemon(Duration.ofHours(1));
  }

  /// @param resync after which each cycle runs again
  ReconcileLoop daemon(Duration resync) {
    return new ReconcileLoop(
        round(),
        source,
        served(),
        name -> true,
        setup(),
        new Schedule(Duration.ofHours(1), resync, Duration.ofSeconds(5)),
        List.of(),
        reports::add);
  }

  Round round() {
    return new Round(
        source,
        new DeclarationLoader(),
        secrets,
        new CredentialLife(
            cloud, registries, directory, new Timing(clock, clock::nanos, new Random(1))),
        configuration(),
        clock,
        patience);
  }

  Setup setup() {
    var sealer = Sealer.withRandomKey();
    targets.forEach(target -> target.restart(sealer));
    return new Setup(
        "test",
        sealer,
        new AuditLog(directory.resolve("audit.jsonl")),
        clock,
        System::nanoTime,
        new Random(1),
        new Stop(),
        new Retries(2, Duration.ofMillis(1), Duration.ofMillis(2)),
        32,
        Duration.ofSeconds(1));
  }

  private List<ServedTarget> served() {
    var none = new NamespaceLimits(List.of(), List.of());
    return targets.stream()
        .map(
            target ->
                target.isHost()
                    ? ServedTarget.host(target)
                    : new ServedTarget(target, target.name().substring(8), none, ""))
        .toList();
  }

  private DaemonConfiguration configuration() {
    var repository =
        new DaemonConfiguration.Repository(
            URI.create("file:///nowhere"),
            new Reference.Branch("main"),
            ".",
            Duration.ofSeconds(10),
            new GitLogin.None(),
            null);
    var vault =
        new DaemonConfiguration.Vault(
            URI.create("https://vault.example"),
            "",
            null,
            new VaultLogin.Token(Path.of("/nowhere")),
            List.of(new AllowedPath("secret", List.of(), List.of())));
    return new DaemonConfiguration(
        "test",
        directory,
        repository,
        null,
        vault,
        List.of(),
        new DaemonConfiguration.Aws(List.of(), List.of("111122223333")),
        new DaemonConfiguration.Google(List.of()),
        new DaemonConfiguration.Probe(List.of(), List.of()),
        List.of(),
        null,
        null,
        Duration.ofMinutes(10),
        new Listen("127.0.0.1", 0));
  }

  /// Registries `quay` and `hub`.
  static String registries() {
    return registry("quay", "quay.io") + registry("hub", "docker.io");
  }

  static String registry(String name, String address) {
    return """
    ---
    apiVersion: tidewaiter.dev/v1
    kind: Registry
    metadata: {name: %1$s}
    spec:
      address: %2$s
      credential:
        basic:
          username: puller
          password: {vault: {path: secret/%1$s, key: password}}
    """
        .formatted(name, address);
  }

  /// Registry `ecr`, whose tokens are minted as the daemon itself.
  static String ecr() {
    return """
    ---
    apiVersion: tidewaiter.dev/v1
    kind: Registry
    metadata: {name: ecr}
    spec:
      address: 111122223333.dkr.ecr.eu-west-1.amazonaws.com
      credential: {ecr: {}}
    """;
  }

  /// An environment of registries `quay` and `hub`, with one more line of its specification.
  static String environment(String name, String namespaces, String more) {
    return """
    ---
    apiVersion: tidewaiter.dev/v1
    kind: Environment
    metadata: {name: %s}
    spec:
      registries: [quay, hub]
      namespaces: {names: [%s]}
      serviceAccounts: {names: [default]}
      %s
    """
        .formatted(name, namespaces, more);
  }
}
