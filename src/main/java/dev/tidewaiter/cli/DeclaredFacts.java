package dev.tidewaiter.cli;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Registry;
import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.TextSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What one environment declares, as single facts that can be compared with those of another
/// revision. References to secrets are part of it; a secret is not.
///
/// A retired environment is the one fact that it is.
final class DeclaredFacts {
  /// Members of a list are facts without more to say.
  static final String PRESENT = "";

  private final Declarations declarations;
  private final Environment environment;
  private final SortedMap<Subject, Fact> facts = new TreeMap<>();

  private DeclaredFacts(Declarations declarations, Environment environment) {
    this.declarations = declarations;
    this.environment = environment;
  }

  /// @param name empty where there is only one
  record Subject(Aspect aspect, String name) implements Comparable<Subject> {
    private static final Comparator<Subject> ORDER =
        Comparator.comparing(Subject::aspect).thenComparing(Subject::name);

    @Override
    public int compareTo(Subject other) {
      return ORDER.compare(this, other);
    }

    /// `registry quay`
    @Override
    public String toString() {
      return name.isEmpty() ? aspect.word() : aspect.word() + " " + name;
    }
  }

  /// @param place of the declaration that says so
  record Fact(String value, Place place) {}

  static SortedMap<Subject, Fact> of(Declarations declarations, Environment environment) {
    var all = new DeclaredFacts(declarations, environment);
    all.add(Aspect.STATE, "", word(environment.state()));
    if (environment.state() == Environment.State.ACTIVE) {
      environment.registries().stream()
          .map(name -> declarations.registries().get(name))
          .filter(Objects::nonNull)
          .forEach(all::addRegistry);
      all.addPolicy();
      all.addNamespaces();
      all.addDelivery();
      all.addHosts();
      all.addConduct();
    }
    return Collections.unmodifiableSortedMap(all.facts);
  }

  private void add(Aspect aspect, String name, String value) {
    add(aspect, name, value, environment.place());
  }

  private void add(Aspect aspect, String name, String value, Place place) {
    facts.put(new Subject(aspect, name), new Fact(value, place));
  }

  private void addAll(Aspect aspect, Collection<String> names, Place place) {
    names.forEach(name -> add(aspect, name, PRESENT, place));
  }

  private void addRegistry(Registry registry) {
    Place place = registry.place();
    String name = registry.name();
    add(Aspect.REGISTRY, name, registry.address() + ", " + standing(registry), place);
    add(Aspect.CREDENTIAL, name, credential(registry.credential()), place);
    String trust = trust(registry.tls());
    if (!trust.isEmpty()) {
      add(Aspect.TRUST, name, trust, place);
    }
    registry
        .mirrors()
        .forEach(mirror -> add(Aspect.MIRROR, mirror + " of " + name, PRESENT, place));
  }

  private String standing(Registry registry) {
    String winner =
        declarations.superseded().getOrDefault(environment.name(), Map.of()).get(registry.name());
    if (registry.state() == Registry.State.INACTIVE) {
      return "Inactive";
    }
    return winner == null ? "Active" : "superseded by " + winner;
  }

  private static String credential(CredentialSource source) {
    String references =
        source.references().entrySet().stream()
            .map(entry -> " " + entry.getKey().replaceFirst(".*\\.", "") + "=" + entry.getValue())
            .collect(Collectors.joining());
    return Credentials.kind(source) + Credentials.identity(source) + references;
  }

  private static String trust(Registry.Tls tls) {
    var client = tls.clientCertificate();
    return (text("ca", tls.ca())
            + (client == null ? "" : text("cert", client.cert()) + " key=" + client.key())
            + (tls.insecure() ? " insecure" : ""))
        .strip();
  }

  private static String text(String field, @Nullable TextSource source) {
    return switch (source) {
      case null -> "";
      case TextSource.Inline(String text) ->
          " %s=inline(sha256:%s)".formatted(field, digest(text.strip()));
      case TextSource.Referenced(var reference) -> " " + field + "=" + reference;
    };
  }

  /// As much of SHA-256 as nobody finds a second certificate for.
  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void addPolicy() {
    String name = environment.policy();
    RegistryPolicy policy = name == null ? null : declarations.policies().get(name);
    if (policy == null) {
      return;
    }
    Place place = policy.place();
    add(Aspect.POLICY, "", policy.name());
    if (policy.defaultRegistry() != null) {
      String library = word(policy.libraryPrefix());
      add(
          Aspect.DEFAULT_REGISTRY,
          "",
          policy.defaultRegistry() + " (libraryPrefix " + library + ")",
          place);
    }
    List<String> allowed = policy.allowedRegistries();
    if (allowed != null) {
      add(Aspect.ALLOW_LIST, "", "limited", place);
      addAll(Aspect.ALLOWED, allowed, place);
    }
    add(Aspect.ENFORCEMENT, "", word(policy.enforcement()), place);
    addAll(Aspect.EXEMPT_NAMESPACE, policy.exemptNamespaces(), place);
    add(Aspect.MAX_DENIED, "", Integer.toString(policy.activation().maxDenied()), place);
    addUnlessEmpty(Aspect.ACTIVATION_APPROVAL, policy.activation().approve(), place);
  }

  private void addUnlessEmpty(Aspect aspect, String value, Place place) {
    if (!value.isEmpty()) {
      add(aspect, "", value, place);
    }
  }

  private void addNamespaces() {
    Environment.Namespaces namespaces = environment.namespaces();
    Map<String, String> labels = namespaces.matchLabels();
    if (namespaces.all()) {
      add(Aspect.NAMESPACES, "all", PRESENT);
    }
    namespaces.names().forEach(name -> add(Aspect.NAMESPACES, "named " + name, PRESENT));
    if (labels != null) {
      add(Aspect.NAMESPACES, "labelled " + labels(labels), PRESENT);
    }
    namespaces.projects().forEach(id -> add(Aspect.NAMESPACES, "of project " + id, PRESENT));
    addAll(Aspect.EXCLUDED_NAMESPACE, namespaces.exclude(), environment.place());
    List<String> clusters = environment.clusters();
    addAll(Aspect.CLUSTER, clusters == null ? List.of("(all)") : clusters, environment.place());
  }

  private void addDelivery() {
    var secret = environment.pullSecret();
    add(Aspect.PULL_SECRET, "", secret.name() + " (" + word(secret.mode()) + ")");
    var accounts = environment.serviceAccounts();
    addAll(
        Aspect.SERVICE_ACCOUNT,
        accounts.all() ? List.of("(all)") : accounts.names(),
        environment.place());
    add(Aspect.INJECTION, "", Boolean.toString(environment.injectPullSecrets()));
  }

  private void addHosts() {
    Environment.Hosts hosts = environment.hosts();
    if (hosts != null) {
      add(
          Aspect.HOSTS,
          "",
          "labelled " + labels(hosts.matchLabels()) + ", " + String.join(" ", hosts.runtimes()));
      addAll(Aspect.HOST_USER, hosts.users(), environment.place());
      addIf(hosts.nodeCredentials(), Aspect.HOST_CREDENTIALS);
      addIf(hosts.trustStore(), Aspect.TRUST_STORE);
      addIf(hosts.unsupported() == Environment.Unsupported.ACCEPT, Aspect.UNSUPPORTED_ACCEPTED);
    }
  }

  private void addIf(boolean declared, Aspect aspect) {
    if (declared) {
      add(aspect, "", PRESENT);
    }
  }

  private void addConduct() {
    add(Aspect.DRIFT_MODE, "", word(environment.driftMode()));
    add(Aspect.SUSPEND, "", word(environment.suspend()));
    var prune = environment.prune();
    add(Aspect.PRUNE_LIMITS, "", prune.maxDeletions() + ", " + prune.maxPercent() + " %");
    addUnlessEmpty(Aspect.PRUNE_APPROVAL, prune.approve(), environment.place());
    add(Aspect.DUPLICATES, "", word(environment.duplicateAddresses()));
  }

  private static String labels(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(","));
  }

  /// `PER_REGISTRY` as declarations write it: `PerRegistry`.
  static String word(Enum<?> value) {
    return List.of(value.name().split("_")).stream()
        .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
