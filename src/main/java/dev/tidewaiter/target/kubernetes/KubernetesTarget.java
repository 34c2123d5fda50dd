package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Compiled.Payloads;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.StillNamed;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenAccount;
import dev.tidewaiter.target.kubernetes.Seen.SeenSecret;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// One cluster.
public final class KubernetesTarget implements Target {
  private final ClusterSettings settings;
  private final Connection connection;
  private final Api api;
  private final Watches watches;
  private final SecretNames names;
  private final PullSecrets pullSecrets;
  private final Accounts accounts;
  private final Lingering lingering;
  private final Policies policies;
  private final Workloads workloads;
  private final Proving proving;

  private KubernetesTarget(
      ClusterSettings settings, Connection connection, Reading reading, InstantSource clock) {
    this.settings = settings;
    this.connection = connection;
    this.api = new Api(connection);
    this.watches = new Watches(api, name(), reading, settings.relist());
    var inventory = new Inventory(api, connection::namespace, settings.instance());
    this.names = new SecretNames(inventory, watches, settings.instance(), name());
    this.pullSecrets = new PullSecrets(api, reading);
    this.accounts = new Accounts(api);
    var pods = new PodNames(api, name());
    this.lingering = new Lingering(pods, pullSecrets, watches::secrets, name(), clock);
    this.policies = new Policies(api, settings, name(), clock);
    this.workloads = new Workloads(api);
    this.proving = new Proving(api, watches, policies, settings.instance());
  }

  /// Begins to watch a cluster. Whether it can be reached, and whether its kubeconfig can be read
  /// and trusted, shows when it is observed, and may change.
  ///
  /// @param environment the process's environment, for the API server's address within a cluster
  public static KubernetesTarget open(
      ClusterSettings settings,
      Sealer sealer,
      InstantSource clock,
      Map<String, String> environment) {
    var connection = new Connection(settings, environment, clock);
    return new KubernetesTarget(settings, connection, new Reading(sealer), clock);
  }

  /// The namespace in which the daemon keeps its inventory, its own.
  public String ownNamespace() {
    return connection.namespace();
  }

  @Override
  public String name() {
    return "cluster/" + settings.cluster();
  }

  @Override
  public Surroundings surroundings() throws TargetException {
    Set<String> recorded = names.all();
    watches.await();
    Set<String> unseen = names.environments(watches.unknown(recorded));
    // Also of names that are not ours yet: who owns Secrets there holds the namespace.
    return observation(watches.secretNames()).surroundings(unseen, policies.lastAdmission());
  }

  @Override
  public Set<String> environments() throws TargetException {
    Set<String> recorded = names.all();
    watches.await();
    var environments = new TreeSet<>(names.environments(watches.unknown(recorded)));
    environments.addAll(observation(recorded).environments());
    environments.addAll(policies.environments());
    return environments;
  }

  @Override
  public List<ObservedResource> observe(
      String environment, Set<ResourceId> desired, BiConsumer<String, String> denied)
      throws TargetException {
    Set<String> own = names.of(environment, desired);
    Set<String> allowed = watches.awaitAllowed(own);
    for (String name : own) {
      if (!allowed.contains(name)) {
        denied.accept(
            name, name() + ": cannot list secrets named " + name + ": answered 403 Forbidden.");
      }
    }
    return observation(allowed).observe(environment, desired);
  }

  @Override
  public List<ObservedResource> observePolicies(String environment, Set<ResourceId> desired)
      throws TargetException {
    return policies.observe(environment, desired);
  }

  private Observation observation(Set<String> secrets) {
    return new Observation(
        settings.instance(),
        watches.namespaces().all(),
        watches.accounts().all(),
        watches.allSecrets(secrets));
  }

  @Override
  public void prepare(String environment, Set<ResourceId> desired) throws TargetException {
    Set<String> allowed = watches.awaitAllowed(names.of(environment, desired));
    names.prepare(environment, SecretNames.in(desired), allowed);
    Set<ResourceId> seen =
        desired.stream()
            .filter(id -> allowed.contains(id.name()))
            .collect(Collectors.toUnmodifiableSet());
    lingering.revive(seen, new Owner(settings.instance(), environment));
  }

  @Override
  public StillNamed lingering(String environment, Set<ResourceId> candidates) {
    return lingering.among(candidates, new Owner(settings.instance(), environment));
  }

  @Override
  public void retire(String environment, Set<ResourceId> retired) {
    lingering.retire(retired, new Owner(settings.instance(), environment));
  }

  @Override
  public Outcome apply(String environment, Change change, Payloads payloads) {
    ResourceId id = change.id();
    if (watches.isTerminating(id.scope())) {
      return Refusals.goingAway();
    }
    var owner = new Owner(settings.instance(), environment);
    return switch (id.kind().family()) {
      case SECRET -> secret(change, owner, payloads);
      case ACCOUNT -> account(change, owner);
      case POLICY -> policies.apply(change, owner);
      case HOST -> throw new IllegalStateException("no resource of a cluster: " + id);
    };
  }

  private Outcome secret(Change change, Owner owner, Payloads payloads) {
    ResourceId id = change.id();
    if (watches.isDenied(id.name()) || names.isUnwritten(owner.environment(), id.name())) {
      return Refusals.unlisted(id.name());
    }
    Mirror<SeenSecret> mirror = watches.secrets(id.name());
    var context = new PullSecrets.Context(owner, mirror, payloads);
    mirror.begin(id.scope(), id.name());
    try {
      return switch (change) {
        case Change.Create create -> pullSecrets.create(create, context);
        case Change.Update update -> pullSecrets.update(update, context);
        case Change.Prune prune -> forgetting(pullSecrets.prune(prune, context), id, owner);
      };
    } catch (ApiException e) {
      return Refusals.of(e);
    } finally {
      mirror.end(id.scope(), id.name(), null);
    }
  }

  private Outcome forgetting(Outcome pruned, ResourceId id, Owner owner) {
    names.letGo(owner.environment(), id.name());
    return pruned;
  }

  private Outcome account(Change change, Owner owner) {
    ResourceId id = change.id();
    Mirror<SeenAccount> mirror = watches.accounts();
    mirror.begin(id.scope(), id.name());
    try {
      return switch (change) {
        case Change.Create create -> accounts.update(id, Accounts.fields(create), owner, mirror);
        case Change.Update update -> accounts.update(id, update.fields(), owner, mirror);
        case Change.Prune _ ->
            throw new IllegalStateException("a ServiceAccount is never ours to prune: " + id);
      };
    } catch (ApiException e) {
      return Refusals.of(e);
    } finally {
      mirror.end(id.scope(), id.name(), null);
    }
  }

  @Override
  public List<Workload> workloads(Set<String> namespaces) throws TargetException {
    try {
      Set<String> known = new TreeSet<>();
      watches.await();
      watches.namespaces().all().forEach(namespace -> known.add(namespace.identity().name()));
      return workloads.in(namespaces, known.size());
    } catch (ApiException e) {
      throw e.at(name());
    }
  }

  @Override
  public Proof prove(String environment, Regime regime) {
    return proving.prove(environment, regime);
  }

  @Override
  public Optional<String> otherWriter(ResourceId id) {
    String writer =
        switch (id.kind().family()) {
          case SECRET -> watches.secrets(id.name()).otherWriter(id.scope(), id.name());
          case ACCOUNT -> watches.accounts().otherWriter(id.scope(), id.name());
          case POLICY -> policies.otherWriter(id);
          case HOST -> "";
        };
    return Optional.of(writer).filter(text -> !text.isEmpty());
  }

  @Override
  public Outcome release(String environment, ResourceId id) {
    var owner = new Owner(settings.instance(), environment);
    if (id.kind().isPolicy()) {
      return policies.release(id, owner);
    }
    try {
      if (id.kind() == ResourceKind.SERVICE_ACCOUNT) {
        return accounts.release(id, owner, watches.accounts());
      }
      Payloads none = (_, _) -> null;
      Mirror<SeenSecret> mirror = watches.secrets(id.name());
      var context = new PullSecrets.Context(owner, mirror, none);
      return forgetting(pullSecrets.release(id, context), id, owner);
    } catch (ApiException e) {
      return Refusals.of(e);
    }
  }

  @Override
  public void watch(Consumer<TargetEvent> listener) {
    watches.listen(listener);
    policies.listen(listener);
  }

  @Override
  public void close() {
    watches.close();
    policies.close();
    api.close();
  }
}
