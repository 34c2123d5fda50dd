package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenAccount;
import dev.tidewaiter.target.kubernetes.Seen.SeenNamespace;
import dev.tidewaiter.target.kubernetes.Seen.SeenSecret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a cluster looks like to one instance, made of what the watches keep (pure).
final class Observation {
  private static final FieldValue PRESENT = new FieldValue.Plain("present");

  /// A record of ours whose entry somebody else removed.
  private static final FieldValue MISSING = new FieldValue.Plain("missing");

  private final String instance;
  private final List<SeenNamespace> namespaces;
  private final List<SeenAccount> accounts;
  private final List<SeenSecret> secrets;

  Observation(
      String instance,
      List<SeenNamespace> namespaces,
      List<SeenAccount> accounts,
      List<SeenSecret> secrets) {
    this.instance = instance;
    this.namespaces = namespaces;
    this.accounts = accounts;
    this.secrets = secrets;
  }

  /// @param unseen environments whose Secrets are not all known: each may own something in any
  ///   namespace, and is taken to, so that no other takes its place
  Surroundings.Cluster surroundings(Set<String> unseen, Admission admission) {
    var names = new HashMap<String, List<String>>();
    var owners = new HashMap<String, Set<String>>();
    if (!unseen.isEmpty()) {
      namespaces.forEach(
          namespace -> owners.put(namespace.identity().name(), new TreeSet<>(unseen)));
    }
    for (SeenAccount account : accounts) {
      String namespace = account.identity().namespace();
      names.computeIfAbsent(namespace, _ -> new ArrayList<>()).add(account.identity().name());
      for (String key : account.recorded().keySet()) {
        owners.computeIfAbsent(namespace, _ -> new TreeSet<>()).add(described(key));
      }
    }
    for (SeenSecret secret : secrets) {
      if (secret.owner() != null) {
        owners
            .computeIfAbsent(secret.identity().namespace(), _ -> new TreeSet<>())
            .add(secret.owner().describedTo(instance));
      }
    }
    var surroundings = new TreeMap<String, Surroundings.Namespace>();
    for (SeenNamespace namespace : namespaces) {
      String name = namespace.identity().name();
      surroundings.put(
          name,
          new Surroundings.Namespace(
              name,
              namespace.labels(),
              namespace.projectId(),
              namespace.terminating(),
              names.getOrDefault(name, List.of()).stream().sorted().toList(),
              List.copyOf(owners.getOrDefault(name, Set.of()))));
    }
    return new Surroundings.Cluster(surroundings, admission);
  }

  /// Environments of this instance that own anything.
  Set<String> environments() {
    var environments = new TreeSet<String>();
    for (SeenSecret secret : secrets) {
      if (secret.owner() != null && secret.owner().instance().equals(instance)) {
        environments.add(secret.owner().environment());
      }
    }
    for (SeenAccount account : accounts) {
      for (String key : account.recorded().keySet()) {
        if (key.startsWith(instance + "/")) {
          environments.add(key.substring(instance.length() + 1));
        }
      }
    }
    return environments;
  }

  /// What is ours for an environment, and whatever stands at the desired ids; nothing of a
  /// terminating namespace, which takes it along.
  List<ObservedResource> observe(String environment, Set<ResourceId> desired) {
    var terminating = new TreeSet<String>();
    for (SeenNamespace namespace : namespaces) {
      if (namespace.terminating()) {
        terminating.add(namespace.identity().name());
      }
    }
    var owner = new Owner(instance, environment);
    var observed = new ArrayList<ObservedResource>();
    for (SeenSecret secret : secrets) {
      ResourceId id = id(ResourceKind.PULL_SECRET, secret.identity());
      if (!terminating.contains(id.scope())
          && (owner.equals(secret.owner()) || desired.contains(id))) {
        observed.add(secret(id, secret, owner));
      }
    }
    String key = Accounts.recordKey(owner);
    for (SeenAccount account : accounts) {
      ResourceId id = id(ResourceKind.SERVICE_ACCOUNT, account.identity());
      if (!terminating.contains(id.scope())
          && (account.recorded().containsKey(key) || desired.contains(id))) {
        observed.add(account(id, account, account.recorded().getOrDefault(key, List.of())));
      }
    }
    return observed;
  }

  private ObservedResource secret(ResourceId id, SeenSecret secret, Owner reader) {
    Holding holding = holding(secret, reader);
    boolean ours = holding instanceof Holding.Ours;
    var fields = new TreeMap<String, ObservedField>();
    for (Map.Entry<String, FieldValue> field : secret.fields().entrySet()) {
      // What an adoption would lose counts there; in a Secret of ours it is nobody's business.
      if (!ours || field.getKey().startsWith(PullSecrets.FIELD)) {
        fields.put(field.getKey(), new ObservedField(field.getValue(), ours));
      }
    }
    return new ObservedResource(id, holding, fields);
  }

  private Holding holding(SeenSecret secret, Owner reader) {
    Owner owner = secret.owner();
    if (owner != null) {
      return owner.equals(reader)
          ? new Holding.Ours()
          : new Holding.Elsewhere(
              owner.instance().equals(instance)
                  ? "environment " + owner.environment()
                  : owner.describedTo(instance));
    }
    String writer = secret.writer().isEmpty() ? "" : ", last written by " + secret.writer();
    return new Holding.Foreign("a Secret of type " + secret.type() + writer, secret.adoption());
  }

  private static ObservedResource account(
      ResourceId id, SeenAccount account, List<String> recorded) {
    SortedMap<String, ObservedField> fields = new TreeMap<>();
    for (String name : recorded) {
      fields.put(Accounts.FIELD + name, new ObservedField(MISSING, true));
    }
    for (String name : account.entries()) {
      fields.put(Accounts.FIELD + name, new ObservedField(PRESENT, recorded.contains(name)));
    }
    return new ObservedResource(id, new Holding.Shared(), fields);
  }

  private String described(String key) {
    int slash = key.indexOf('/');
    return slash < 0
        ? key
        : new Owner(key.substring(0, slash), key.substring(slash + 1)).describedTo(instance);
  }

  private static ResourceId id(ResourceKind kind, Seen.Identity identity) {
    return new ResourceId(kind, identity.namespace(), identity.name());
  }
}
