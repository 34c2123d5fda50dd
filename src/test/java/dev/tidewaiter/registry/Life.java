package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import dev.tidewaiter.testing.FakeCloud;
import dev.tidewaiter.testing.FakeRegistry;
import dev.tidewaiter.testing.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A world in which credentials live, and processes that come and go in it.
final class Life {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  static final String QUAY = "quay";

  final MutableClock clock = new MutableClock();
  final FakeCloud cloud;
  final FakeRegistry registry = new FakeRegistry();
  private final Path directory;
  private CredentialLife process;

  Life(Path directory, Duration lifeOfTokens) {
    this.directory = directory;
    this.cloud = new FakeCloud(lifeOfTokens);
    this.process = newProcess();
  }

  private CredentialLife newProcess() {
    return new CredentialLife(
        cloud, registry, directory, new Timing(clock, clock::nanos, new Random(1)));
  }

  CredentialLife process() {
    return process;
  }

  void restart() {
    process = newProcess();
  }

  Map<String, RegistrySituation> advance(Wanted... wanted) {
    return process.advance(List.of(wanted), PATIENCE);
  }

  RegistrySituation one(Wanted wanted) {
    return of(wanted, advance(wanted));
  }

  /// The same, but nobody who is slow is waited for.
  RegistrySituation oneInHaste(Wanted wanted) {
    return of(wanted, process.advance(List.of(wanted), Duration.ofMillis(50)));
  }

  RegistrySituation preview(Wanted wanted) {
    return of(wanted, process.preview(List.of(wanted)));
  }

  private static RegistrySituation of(Wanted wanted, Map<String, RegistrySituation> situations) {
    return Optional.ofNullable(situations.get(wanted.name())).orElseThrow();
  }

  static Wanted ecr(String name, String account) {
    var request =
        new TokenRequest.Ecr(
            new TokenRequest.AwsIdentity(null, null, null), "eu-west-1", account, false);
    return new Wanted(
        name,
        new RegistryAddress(account + ".dkr.ecr.eu-west-1.amazonaws.com"),
        new CredentialSource.Ecr(null, null, null, null),
        new Sourced.ToMint(request),
        RegistryProbe.Trust.OF_SYSTEM,
        Demand.WHEN_REACHABLE,
        Set.of());
  }

  static Wanted basic(String password) {
    return basic(password, Demand.WHEN_REACHABLE);
  }

  static Wanted basic(String password, Demand demand, ImageReference... images) {
    return basic(
        new Minted.Ready(new Credential(Secret.of("puller"), Secret.of(password), null, null)),
        "secret/quay",
        demand,
        images);
  }

  static Wanted leased(String password, Issuance lease) {
    return basic(
        new Minted.Ready(new Credential(Secret.of("puller"), Secret.of(password), null, lease)),
        "secret/quay",
        Demand.WHEN_REACHABLE);
  }

  static Wanted withheld(String path, String reason) {
    return basic(
        new Minted.Withheld(Minted.Cause.UNAVAILABLE, reason), path, Demand.WHEN_REACHABLE);
  }

  private static Wanted basic(Minted minted, String path, Demand demand, ImageReference... images) {
    return new Wanted(
        QUAY,
        new RegistryAddress("quay.io"),
        new CredentialSource.Basic(
            new TextSource.Inline("puller"),
            new SecretReference.Vault(path, "password", null),
            null),
        new Sourced.Settled(minted),
        RegistryProbe.Trust.OF_SYSTEM,
        demand,
        Set.of(images));
  }

  static ImageReference image(String text) {
    return ImageReference.parse(text).orElseThrow();
  }

  /// The password that is delivered; null if none is.
  static @Nullable String password(RegistrySituation situation) {
    return situation.delivered() instanceof Minted.Ready(Credential credential)
        ? credential.password().reveal()
        : null;
  }

  static @Nullable Issuance issuance(RegistrySituation situation) {
    return situation.delivered() instanceof Minted.Ready(Credential credential)
        ? credential.issuance()
        : null;
  }
}
