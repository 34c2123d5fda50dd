package dev.tidewaiter.reconcile;

import static java.util.stream.Collectors.joining;

import dev.tidewaiter.config.AdditionOrder;
import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Compilation;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Compiler;
import dev.tidewaiter.desired.HostGovernance;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Planner;
import dev.tidewaiter.plan.Scenario;
import dev.tidewaiter.registry.CredentialLife;
import dev.tidewaiter.registry.Timing;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import dev.tidewaiter.testing.FakeCloud;
import dev.tidewaiter.testing.FakeRegistry;
import dev.tidewaiter.testing.MutableClock;
import dev.tidewaiter.testing.SampleRuntimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A scenario's input: the folder `declarations`, `surroundings.yaml` and `observed.yaml`.
///
/// `surroundings.yaml` has `environment`, `secrets` (by reference: a text, `~leased` and a text, or
/// `~denied` and the like), `added` (registries, oldest first), and either `namespaces` or `host`,
/// whose `runtimes` are those of [SampleRuntimes#named]. `observed.yaml` is that of the scenarios
/// of plans; a `sealed` entry there is the user `puller` with that password, and in a file that
/// text.
record DeclarationScenario(
    Declarations declarations,
    Map<?, ?> surroundings,
    List<ObservedResource> observed,
    Sealer sealer,
    Path state) {
  private static final String LEASED = "~leased ";

  /// @param state an empty directory
  static DeclarationScenario read(Path directory, Path state) throws IOException {
    var surroundings = (Map<?, ?>) Scenario.load(directory.resolve("surroundings.yaml"));
    var sealer = Sealer.withRandomKey();
    List<ObservedResource> observed =
        Scenario.observedIn(directory.resolve("observed.yaml")).stream()
            .map(resource -> sealed(resource, sealer))
            .toList();
    Path folder = directory.resolve("declarations");
    return new DeclarationScenario(
        load(folder, surroundings), surroundings, observed, sealer, state);
  }

  /// As a cycle plans it.
  Plan plan() {
    Environment environment = environment();
    Compiled compiled = compile(environment);
    return Planner.plan(
        compiled.resources(),
        observed,
        assignment(environment).restraint(compiled.scopeId()),
        compiled.leftAlone());
  }

  /// What a host cannot enforce, a line for each sentence.
  String unsupported() {
    HostGovernance governance = compile(environment()).hostGovernance();
    return governance == null
        ? ""
        : governance.unsupported().stream().map(line -> line + "\n").collect(joining());
  }

  private Environment environment() {
    var environment =
        declarations.environments().get(text(surroundings, "environment", "production"));
    if (environment == null) {
      throw new IllegalArgumentException("the scenario's environment is not declared");
    }
    return environment;
  }

  private Compiled compile(Environment environment) {
    var clock = new MutableClock();
    var materials =
        new Materials(
            secrets(),
            new CredentialLife(
                new FakeCloud(Duration.ofHours(12)),
                new FakeRegistry(),
                state,
                new Timing(clock, clock::nanos, new Random(1))),
            name -> name.equals(environment.name()),
            clock);
    return Compiler.compile(
        new Compilation(
            declarations,
            environment,
            "prod-eu",
            surroundings.get("host") instanceof Map<?, ?> host ? host(host) : cluster(),
            new NamespaceLimits(List.of(), List.of()),
            materials.of(declarations, Inquiry.COMPLETE).material(),
            Map.of(),
            sealer));
  }

  private Assignment assignment(Environment environment) {
    var inForce = new InForce(new Revision("a".repeat(40)), declarations, List.of());
    boolean rewritten = Boolean.parseBoolean(text(surroundings, "rewritten", "false"));
    var standing = new Standing(inForce.revision(), inForce, List.of(), null, null, rewritten);
    var round = new RoundResult(1, "test", Instant.EPOCH, standing, Map.of());
    return new Assignment(round, inForce, environment);
  }

  private static Declarations load(Path folder, Map<?, ?> surroundings) throws IOException {
    List<String> added = texts(surroundings, "added");
    AdditionOrder order =
        registries -> {
          var positions = new TreeMap<String, AdditionOrder.Position>();
          registries.forEach(
              name ->
                  positions.put(
                      name, new AdditionOrder.Position.Known(added.size() - added.indexOf(name))));
          return positions;
        };
    return switch (new DeclarationLoader()
        .load(snapshot(folder), LoadContext.applying(null, order))) {
      case Loaded.Accepted(Declarations declarations, _) -> declarations;
      case Loaded.Rejected(List<Problem> problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  private static Snapshot snapshot(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      var entries = new ArrayList<SnapshotEntry>();
      for (Path file : files.toList()) {
        var content = FileContent.of(Files.readAllBytes(file));
        String name = file.getFileName().toString();
        entries.add(new SnapshotEntry.File(name, name, content));
      }
      return new Snapshot(null, entries);
    }
  }

  private SecretResolver secrets() {
    return new SecretResolver() {
      @Override
      public Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references) {
        return lookUp(references);
      }

      @Override
      public void promoted(Map<SecretReference, String> leases) {
        throw new AssertionError("what is only compiled is in use nowhere");
      }
    };
  }

  private Map<SecretReference, SecretLookup> lookUp(Set<SecretReference> references) {
    var secrets = surroundings.get("secrets") instanceof Map<?, ?> map ? map : Map.of();
    var lookups = new HashMap<SecretReference, SecretLookup>();
    for (SecretReference reference : references) {
      String value = text(secrets, reference.toString(), "~absent");
      lookups.put(
          reference,
          switch (value) {
            case "~absent" -> new SecretLookup.Absent(reference + ": absent");
            case "~denied" -> new SecretLookup.Denied(reference + ": denied");
            case "~sealed" -> new SecretLookup.Unavailable(reference + ": Vault is sealed");
            default -> found(value);
          });
    }
    return lookups;
  }

  private static SecretLookup found(String value) {
    Instant now = new MutableClock().instant();
    return value.startsWith(LEASED)
        ? new SecretLookup.Found(
            Secret.of(value.substring(LEASED.length())),
            "",
            new Issuance("the scenario's lease", now, now.plus(Duration.ofHours(1))))
        : new SecretLookup.Found(Secret.of(value), "");
  }

  private Surroundings cluster() {
    var byName = new TreeMap<String, Surroundings.Namespace>();
    if (surroundings.get("namespaces") instanceof List<?> list) {
      for (Object item : list) {
        var namespace = (Map<?, ?>) item;
        String name = text(namespace, "name", "");
        byName.put(
            name,
            new Surroundings.Namespace(
                name,
                labels(namespace),
                text(namespace, "project", ""),
                namespace.containsKey("terminating"),
                namespace.containsKey("serviceAccounts")
                    ? texts(namespace, "serviceAccounts")
                    : List.of("default"),
                texts(namespace, "ownedBy")));
      }
    }
    return new Surroundings.Cluster(byName, Admission.none(""));
  }

  private static Surroundings host(Map<?, ?> host) {
    var homes = new TreeMap<String, String>();
    texts(host, "users").forEach(user -> homes.put(user, "/home/" + user));
    List<String> runtimes =
        host.containsKey("runtimes") ? texts(host, "runtimes") : List.of("docker");
    return new Surroundings.Host(
        labels(host),
        runtimes.stream().map(SampleRuntimes::named).toList(),
        homes,
        texts(host, "ownedBy"));
  }

  private static ObservedResource sealed(ObservedResource resource, Sealer sealer) {
    var fields = new TreeMap<String, ObservedField>();
    resource
        .fields()
        .forEach(
            (name, field) ->
                fields.put(
                    name,
                    field.value() instanceof FieldValue.Sealed(var word)
                        ? new ObservedField(
                            seal(resource.id(), name, word.digest(), sealer), field.ours())
                        : field));
    return new ObservedResource(resource.id(), resource.holding(), fields);
  }

  private static FieldValue seal(ResourceId id, String field, String word, Sealer sealer) {
    Secret value =
        id.kind() == ResourceKind.CERTIFICATE_FILE
            ? Secret.of(word)
            : new Credential(Secret.of("puller"), Secret.of(word), null, null).sealable();
    return new FieldValue.Sealed(sealer.seal(id, field, value));
  }

  private static Map<String, String> labels(Map<?, ?> map) {
    var labels = new TreeMap<String, String>();
    if (map.get("labels") instanceof Map<?, ?> found) {
      found.forEach((key, value) -> labels.put(key.toString(), value.toString()));
    }
    return labels;
  }

  private static List<String> texts(Map<?, ?> map, String key) {
    return map.get(key) instanceof List<?> list
        ? list.stream().map(Object::toString).toList()
        : List.of();
  }

  private static String text(Map<?, ?> map, String key, String otherwise) {
    @Nullable Object value = map.get(key);
    return value == null ? otherwise : value.toString();
  }
}
