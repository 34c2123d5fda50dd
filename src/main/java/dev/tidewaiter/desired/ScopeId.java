package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The digest that an approval of withdrawals is bound to: environment, target, and what the
/// environment declares without `prune`.
///
/// The same in every process, and unmoved by places in files, by the order of lists, and by
/// secrets: writing the approval into Git must not change what it is bound to.
final class ScopeId {
  private static final int BYTES = 6;

  private final StringBuilder text = new StringBuilder();

  private ScopeId() {}

  static String of(Compilation compilation) {
    var id = new ScopeId();
    Environment environment = compilation.environment();
    id.add("target", compilation.target());
    id.addEnvironment(environment);
    environment.registries().stream()
        .distinct()
        .sorted()
        .map(name -> compilation.declarations().registries().get(name))
        .forEach(id::addRegistry);
    id.add("superseded", Served.superseded(compilation));
    return id.digest();
  }

  private void addEnvironment(Environment environment) {
    add("environment", environment.name());
    add("state", environment.state());
    add("registries", environment.registries());
    add("policy", environment.policy());
    add("clusters", environment.clusters());
    add("all", environment.namespaces().all());
    add("names", environment.namespaces().names());
    add("matchLabels", environment.namespaces().matchLabels());
    add("projects", environment.namespaces().projects());
    add("exclude", environment.namespaces().exclude());
    add("pullSecret", environment.pullSecret());
    add("allServiceAccounts", environment.serviceAccounts().all());
    add("serviceAccounts", environment.serviceAccounts().names());
    Environment.Hosts hosts = environment.hosts();
    add("hosts", hosts == null ? null : hosts.matchLabels());
    add("runtimes", hosts == null ? null : hosts.runtimes());
    add("users", hosts == null ? null : hosts.users());
    add("driftMode", environment.driftMode());
    add("suspend", environment.suspend());
    add("duplicateAddresses", environment.duplicateAddresses());
  }

  // References name secrets and contain none; that they are part makes an approval lapse when a
  // registry's credential is declared differently.
  private void addRegistry(@Nullable Registry registry) {
    if (registry == null) {
      return;
    }
    add("registry", registry.name());
    add("address", registry.address());
    add("registryState", registry.state());
    add("credential", registry.credential());
    add("tls", registry.tls());
    add("mirrors", registry.mirrors());
  }

  // The length goes before each value, so that no two different declarations give the same text.
  private void add(String name, @Nullable Object value) {
    String canonical =
        switch (value) {
          case null -> "-";
          case Map<?, ?> map -> "+" + new TreeMap<Object, Object>(map);
          case Collection<?> values -> sorted(values);
          default -> "+" + value;
        };
    text.append(name).append(':').append(canonical.length()).append(':').append(canonical);
  }

  private static String sorted(Collection<?> values) {
    return values.stream()
        .map(Object::toString)
        .sorted()
        .map(value -> "+" + value.length() + ":" + value)
        .collect(Collectors.joining());
  }

  private String digest() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
