package dev.tidewaiter.testing;

import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Compiled.Payloads;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A cluster in memory, with pull Secrets that belong to an environment and ServiceAccounts that
/// belong to somebody else. It outlives the processes that use it: each seals with its own key.
public final class InMemoryTarget implements Target {
  private static final String FOREIGN = "";

  private final String name;
  private Sealer sealer;
  private final SortedMap<String, Surroundings.Namespace> namespaces = new TreeMap<>();
  private final SortedMap<ResourceId, Thing> things = new TreeMap<>();
  private final Map<String, Outcome> failing = new HashMap<>();
  private final Map<String, CountDownLatch> hanging = new HashMap<>();
  private final List<Change> applied = new ArrayList<>();
  private Consumer<Change> afterApplied = change -> {};
  private @Nullable Consumer<TargetEvent> listener;
  private boolean away;

  /// @param owner the environment; of a ServiceAccount, or a stranger's Secret, empty
  private record Thing(String owner, SortedMap<String, Entry> fields) {}

  private record Entry(String text, String owner) {}

  public InMemoryTarget(String cluster, Sealer sealer) {
    this.name = "cluster/" + cluster;
    this.sealer = sealer;
  }

  // What a test does to it.

  /// Another process seals with another key.
  public synchronized void restart(Sealer newSealer) {
    sealer = newSealer;
    listener = null;
  }

  public synchronized void addNamespace(String namespace) {
    namespaces.put(
        namespace,
        new Surroundings.Namespace(namespace, Map.of(), "", false, List.of("default"), List.of()));
    emit(namespace, "namespace appeared");
  }

  /// Somebody deletes a Secret.
  public synchronized void delete(ResourceId id) {
    things.remove(id);
    emit(id.scope(), "Secret deleted");
  }

  /// Somebody else's Secret.
  public synchronized void addForeign(ResourceId id) {
    var fields = new TreeMap<String, Entry>();
    fields.put("auths/other.example", new Entry("not ours: must stay", FOREIGN));
    things.put(id, new Thing(FOREIGN, fields));
  }

  public synchronized void setAway(boolean isAway) {
    away = isAway;
  }

  /// Changes in a scope come to this from now on.
  public synchronized void failIn(String scope, Outcome outcome) {
    failing.put(scope, outcome);
  }

  public synchronized void heal(String scope) {
    failing.remove(scope);
    CountDownLatch latch = hanging.remove(scope);
    if (latch != null) {
      latch.countDown();
    }
  }

  /// Changes in a scope are not answered until it is healed.
  public synchronized void hangIn(String scope) {
    hanging.put(scope, new CountDownLatch(1));
  }

  /// Called after each change, without a lock.
  public synchronized void afterApplied(Consumer<Change> action) {
    afterApplied = action;
  }

  // What a test looks at.

  public synchronized Optional<Set<String>> fieldsOf(ResourceId id) {
    return Optional.ofNullable(things.get(id)).map(thing -> Set.copyOf(thing.fields().keySet()));
  }

  /// The text of a field as it was written; empty for none.
  public synchronized String textOf(ResourceId id, String field) {
    Thing thing = things.get(id);
    Entry entry = thing == null ? null : thing.fields().get(field);
    return entry == null ? "" : entry.text();
  }

  /// How many resources have anything of ours.
  public synchronized long owned() {
    return things.values().stream().filter(thing -> !ownersOf(thing).isEmpty()).count();
  }

  public synchronized List<Change> applied() {
    return List.copyOf(applied);
  }

  // The port.

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized Surroundings surroundings() throws TargetException {
    answer();
    var all = new TreeMap<String, Surroundings.Namespace>();
    namespaces.forEach((key, namespace) -> all.put(key, withOwners(namespace)));
    return new Surroundings.Cluster(all, Admission.none(""));
  }

  private Surroundings.Namespace withOwners(Surroundings.Namespace namespace) {
    var owners = new TreeSet<String>();
    things.forEach(
        (id, thing) -> {
          if (id.scope().equals(namespace.name())) {
            owners.addAll(ownersOf(thing));
          }
        });
    return new Surroundings.Namespace(
        namespace.name(),
        namespace.labels(),
        namespace.projectId(),
        namespace.terminating(),
        namespace.serviceAccounts(),
        List.copyOf(owners));
  }

  private static Set<String> ownersOf(Thing thing) {
    var owners = new TreeSet<String>();
    owners.add(thing.owner());
    thing.fields().values().forEach(entry -> owners.add(entry.owner()));
    owners.remove(FOREIGN);
    return owners;
  }

  @Override
  public synchronized void prepare(String environment, Set<ResourceId> desired)
      throws TargetException {
    answer();
  }

  @Override
  public synchronized List<ObservedResource> observe(String environment, Set<ResourceId> desired)
      throws TargetException {
    answer();
    var observed = new ArrayList<ObservedResource>();
    things.forEach(
        (id, thing) -> {
          if (desired.contains(id) || ownersOf(thing).contains(environment)) {
            observed.add(observed(environment, id, thing));
          }
        });
    return observed;
  }

  private ObservedResource observed(String environment, ResourceId id, Thing thing) {
    var fields = new TreeMap<String, ObservedField>();
    thing
        .fields()
        .forEach(
            (field, entry) -> {
              FieldValue value =
                  id.kind() == ResourceKind.PULL_SECRET
                      ? new FieldValue.Sealed(sealer.seal(id, field, Secret.of(entry.text())))
                      : new FieldValue.Plain(entry.text());
              fields.put(field, new ObservedField(value, entry.owner().equals(environment)));
            });
    return new ObservedResource(id, holding(environment, id, thing), fields);
  }

  private static Holding holding(String environment, ResourceId id, Thing thing) {
    if (id.kind() == ResourceKind.SERVICE_ACCOUNT) {
      return new Holding.Shared();
    }
    if (thing.owner().equals(environment)) {
      return new Holding.Ours();
    }
    return thing.owner().equals(FOREIGN)
        ? new Holding.Foreign("a Secret of a stranger", Holding.Adoption.FORBIDDEN)
        : new Holding.Elsewhere(thing.owner());
  }

  @Override
  public List<Workload> workloads(Set<String> namespaces) {
    return List.of();
  }

  @Override
  public Proof prove(String environment, Regime regime) {
    return new Proof.Inconclusive("nothing here admits pods");
  }

  @Override
  public Set<ResourceId> lingering(String environment, Set<ResourceId> candidates) {
    return Set.of();
  }

  @Override
  public synchronized Set<String> environments() throws TargetException {
    answer();
    var environments = new TreeSet<String>();
    things.values().forEach(thing -> environments.addAll(ownersOf(thing)));
    return environments;
  }

  @Override
  public Outcome apply(String environment, Change change, Payloads payloads) {
    CountDownLatch latch;
    synchronized (this) {
      latch = hanging.get(change.id().scope());
    }
    if (latch != null) {
      await(latch);
    }
    Consumer<Change> after;
    synchronized (this) {
      Outcome failure = failing.get(change.id().scope());
      if (failure != null) {
        return failure;
      }
      carryOut(environment, change, payloads);
      applied.add(change);
      after = afterApplied;
    }
    after.accept(change);
    return new Outcome.Applied();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOut(String environment, Change change, Payloads payloads) {
    ResourceId id = change.id();
    switch (change) {
      case Change.Create create -> {
        var fields = new TreeMap<String, Entry>();
        create
            .fields()
            .forEach(
                (field, value) ->
                    fields.put(field, entry(environment, id, field, value, payloads)));
        boolean whole = id.kind() == ResourceKind.PULL_SECRET;
        things.put(id, new Thing(whole ? environment : FOREIGN, fields));
      }
      case Change.Update update -> {
        Thing thing = things.get(id);
        if (thing == null) {
          throw new AssertionError("an update of what is not there: " + id);
        }
        update
            .fields()
            .forEach((field, value) -> set(environment, id, thing, field, value, payloads));
      }
      case Change.Prune _ -> things.remove(id);
    }
  }

  private static void set(
      String environment,
      ResourceId id,
      Thing thing,
      String field,
      FieldChange change,
      Payloads payloads) {
    switch (change) {
      case FieldChange.Added(var after) ->
          thing.fields().put(field, entry(environment, id, field, after, payloads));
      case FieldChange.Replaced(_, var after) ->
          thing.fields().put(field, entry(environment, id, field, after, payloads));
      case FieldChange.Dropped _ -> thing.fields().remove(field);
    }
  }

  private static Entry entry(
      String environment, ResourceId id, String field, FieldValue value, Payloads payloads) {
    String text =
        switch (value) {
          case FieldValue.Plain(String plain) -> plain;
          case FieldValue.Sealed _, FieldValue.Minted _ ->
              switch (payloads.find(id, field)) {
                case Payload.Auth(var credential) -> credential.sealable().reveal();
                case Payload.Text(var secret) -> secret.reveal();
                case null -> throw new AssertionError("no payload for " + id + " " + field);
              };
        };
    return new Entry(text, environment);
  }

  @Override
  public synchronized Outcome release(String environment, ResourceId id) {
    Thing thing = things.get(id);
    if (thing == null) {
      return new Outcome.Unchanged("not there");
    }
    var fields = new TreeMap<String, Entry>();
    thing.fields().forEach((field, entry) -> fields.put(field, new Entry(entry.text(), FOREIGN)));
    things.put(id, new Thing(FOREIGN, fields));
    return new Outcome.Applied();
  }

  @Override
  public Optional<String> otherWriter(ResourceId id) {
    return Optional.of("the reverter");
  }

  @Override
  public synchronized void watch(Consumer<TargetEvent> newListener) {
    listener = newListener;
  }

  @Override
  public void close() {}

  private void answer() throws TargetException {
    if (away) {
      throw new TargetException("no answer", false, null);
    }
  }

  private void emit(String scope, String reason) {
    if (listener != null) {
      listener.accept(new TargetEvent(scope, reason));
    }
  }
}
