package dev.tidewaiter.testing;

import dev.tidewaiter.desired.Compiled.Payloads;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.desired.PolicyObject;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a cluster in memory holds, and whose it is.
final class StoredThings {
  private static final String FOREIGN = "";

  private final SortedMap<ResourceId, Thing> things = new TreeMap<>();

  /// @param owner the environment; of a ServiceAccount, or a stranger's Secret, empty
  private record Thing(String owner, SortedMap<String, Entry> fields) {}

  private record Entry(String text, String owner) {}

  Set<ResourceId> ids() {
    return new TreeSet<>(things.keySet());
  }

  boolean has(ResourceId id) {
    return things.containsKey(id);
  }

  void remove(ResourceId id) {
    things.remove(id);
  }

  /// Whoever owns anything.
  Set<String> owners() {
    var owners = new TreeSet<String>();
    ids().forEach(id -> owners.addAll(owners(id)));
    return owners;
  }

  /// A namespace, with whoever owns anything in it.
  Surroundings.Namespace withOwners(Surroundings.Namespace namespace) {
    var owners = new TreeSet<>(namespace.ownedBy());
    ids().stream()
        .filter(id -> id.scope().equals(namespace.name()))
        .forEach(id -> owners.addAll(owners(id)));
    return new Surroundings.Namespace(
        namespace.name(),
        namespace.labels(),
        namespace.projectId(),
        namespace.terminating(),
        namespace.serviceAccounts(),
        List.copyOf(owners));
  }

  private Thing thing(ResourceId id) {
    return Optional.ofNullable(things.get(id)).orElseGet(() -> new Thing(FOREIGN, new TreeMap<>()));
  }

  /// The text of each field; none if it is not there.
  SortedMap<String, String> texts(ResourceId id) {
    var texts = new TreeMap<String, String>();
    thing(id).fields().forEach((field, entry) -> texts.put(field, entry.text()));
    return texts;
  }

  void addForeign(ResourceId id, String field, String text) {
    var fields = new TreeMap<String, Entry>();
    fields.put(field, new Entry(text, FOREIGN));
    things.put(id, new Thing(FOREIGN, fields));
  }

  /// Makes a resource nobody's.
  ///
  /// @return whether it was there
  boolean release(ResourceId id) {
    boolean there = has(id);
    var fields = new TreeMap<String, Entry>();
    texts(id).forEach((field, text) -> fields.put(field, new Entry(text, FOREIGN)));
    if (there) {
      things.put(id, new Thing(FOREIGN, fields));
    }
    return there;
  }

  /// Environments that have anything in a resource.
  Set<String> owners(ResourceId id) {
    Thing thing = thing(id);
    var owners = new TreeSet<String>();
    owners.add(thing.owner());
    thing.fields().values().forEach(entry -> owners.add(entry.owner()));
    owners.remove(FOREIGN);
    return owners;
  }

  ObservedResource observed(String environment, ResourceId id, Sealer sealer) {
    Thing thing = thing(id);
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

  void carryOut(String environment, Change change, Payloads payloads) {
    ResourceId id = change.id();
    switch (change) {
      case Change.Create create -> {
        var fields = new TreeMap<String, Entry>();
        create
            .fields()
            .forEach(
                (field, value) ->
                    fields.put(field, entry(environment, id, field, value, payloads)));
        boolean whole = id.kind() != ResourceKind.SERVICE_ACCOUNT;
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
    if (id.scope().equals(ResourceId.CLUSTER_WIDE) && things.containsKey(id)) {
      // Fields that stand for no policy could not be rendered.
      PolicyObject.read(id.kind(), texts(id));
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
}
