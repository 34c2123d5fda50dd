package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What every test of the resolver needs: files to log in with, a clock that can be put forward,
/// and the canary's watch over what is answered.
final class Surroundings implements AutoCloseable {
  final Canary canary = new Canary();
  private final Path directory;
  private final AtomicLong ahead = new AtomicLong();
  private final List<VaultSecretResolver> resolvers = new ArrayList<>();

  Surroundings(Path directory) {
    this.directory = directory;
  }

  Login.Token tokenFile(String token) {
    return new Login.Token(write("token", canary.guard(token)));
  }

  Login.AppRole appRole(String mount, String roleId, String secretId) {
    return new Login.AppRole(
        mount, write("role-id", roleId), write("secret-id", canary.guard(secretId)));
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  VaultSecretResolver resolver(URI address, Login login) {
    return resolver(address, "", null, null, login);
  }

  /// One with short limits: half a second to connect, one for an exchange.
  VaultSecretResolver resolver(
      URI address, String namespace, @Nullable Path ca, @Nullable HttpProxy proxy, Login login) {
    var settings =
        new VaultSettings(
            address,
            namespace,
            ca,
            proxy,
            login,
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1));
    return resolver(settings);
  }

  VaultSecretResolver resolver(VaultSettings settings) {
    var resolver =
        new VaultSecretResolver(settings, this::nanos, this::instant, RandomGenerator.getDefault());
    resolvers.add(resolver);
    return resolver;
  }

  private long nanos() {
    return System.nanoTime() + ahead.get();
  }

  /// What the clock on the wall shows.
  Instant instant() {
    return Instant.now().plusNanos(ahead.get());
  }

  /// One that only looks, as for `diff`.
  VaultSecretResolver withoutLeases(URI address, Login login) {
    var resolver =
        VaultSecretResolver.withoutLeases(
            VaultSettings.of(address, "", null, null, login),
            this::nanos,
            this::instant,
            RandomGenerator.getDefault());
    resolvers.add(resolver);
    return resolver;
  }

  void putForward(Duration by) {
    ahead.addAndGet(by.toNanos());
  }

  /// Puts the clock forward beyond every back-off but a long `Retry-After`.
  void waitOutBackoff() {
    putForward(Duration.ofSeconds(31));
  }

  SecretLookup lookUp(VaultSecretResolver resolver, String path, String key) {
    SecretReference reference = reference(path, key);
    return Objects.requireNonNull(lookUp(resolver, reference).get(reference));
  }

  Map<SecretReference, SecretLookup> lookUp(
      VaultSecretResolver resolver, SecretReference... references) {
    var lookups = resolver.resolve(new LinkedHashSet<>(Arrays.asList(references)));
    canary.saw(lookups);
    return lookups;
  }

  static SecretReference reference(String path, String key) {
    return new SecretReference.Vault(path, key, null);
  }

  static SecretReference pinned(String path, String key, int version) {
    return new SecretReference.Vault(path, key, version);
  }

  @Override
  public void close() {
    resolvers.forEach(VaultSecretResolver::close);
    canary.close();
  }
}
