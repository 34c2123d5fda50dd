package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Compiled.Payloads;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Planner;
import dev.tidewaiter.plan.Restraint;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// One instance on a cluster, with the rights of the shipped manifest and none besides, for the
/// environment `test`.
final class Daemon implements AutoCloseable {
  static final String NAME = "registry-credentials";
  static final String ENVIRONMENT = "test";
  static final String USER = "system:serviceaccount:tidewaiter-system:tidewaiter";

  private final Sealer sealer = Sealer.withRandomKey();
  private final KubernetesTarget target;
  private final List<TargetEvent> events = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private Daemon(Path kubeconfig, String instance, Duration relist) {
    var access = new ClusterSettings.Access.Kubeconfig(kubeconfig, null);
    var settings = new ClusterSettings("testbed", access, instance, null, relist);
    this.target = KubernetesTarget.open(settings, sealer, () -> now, Map.of());
    target.watch(events::add);
  }

  static Daemon open(KubeApiServer server, String instance) {
    return open(server, instance, server.port());
  }

  /// @param port of the server, or of a proxy before it
  static Daemon open(KubeApiServer server, String instance, int port) {
    server.applyRbac();
    String user = "token: " + server.token("tidewaiter-system", "tidewaiter");
    Path file = server.directory().resolve(KubeApiServer.uniqueName("daemon"));
    try {
      Files.writeString(file, server.kubeconfig(port, user));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Daemon(file, instance, Duration.ofMinutes(10));
  }

  /// One that may do everything, also in a cluster that is built anew, and lists often.
  static Daemon openAsAdmin(KubeApiServer server, String instance, Duration relist) {
    Path kubeconfig = server.kubeconfig("daemon", "CN=daemon,O=system:masters");
    return new Daemon(kubeconfig, instance, relist);
  }

  KubernetesTarget target() {
    return target;
  }

  List<TargetEvent> events() {
    return events;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  static ResourceId secret(String namespace) {
    return new ResourceId(ResourceKind.PULL_SECRET, namespace, NAME);
  }

  static ResourceId account(String namespace, String name) {
    return new ResourceId(ResourceKind.SERVICE_ACCOUNT, namespace, name);
  }

  static Credential credential(String password) {
    return new Credential(Secret.of("acme+puller"), Secret.of(password), null, null);
  }

  Outcome create(String namespace, Map<String, Credential> entries) {
    var fields = new TreeMap<String, FieldValue>();
    entries.forEach(
        (key, credential) -> fields.put("auths/" + key, value(namespace, key, credential)));
    return apply(new Change.Create(secret(namespace), fields), entries);
  }

  /// An update that sets entries, as the planner would make it.
  Outcome set(String namespace, Map<String, Credential> entries) {
    return set(namespace, entries, false);
  }

  Outcome adopt(String namespace, Map<String, Credential> entries) {
    return set(namespace, entries, true);
  }

  private Outcome set(String namespace, Map<String, Credential> entries, boolean adopts) {
    var fields = new TreeMap<String, FieldChange>();
    entries.forEach(
        (key, credential) ->
            fields.put("auths/" + key, new FieldChange.Added(value(namespace, key, credential))));
    return target.apply(
        ENVIRONMENT, new Change.Update(secret(namespace), fields, adopts), payloads(entries));
  }

  Outcome drop(String namespace, String key) {
    var fields = new TreeMap<String, FieldChange>();
    fields.put("auths/" + key, new FieldChange.Dropped(new FieldValue.Plain("sealed")));
    return target.apply(
        ENVIRONMENT, new Change.Update(secret(namespace), fields, false), payloads(Map.of()));
  }

  Outcome prune(String namespace) {
    return target.apply(ENVIRONMENT, new Change.Prune(secret(namespace)), payloads(Map.of()));
  }

  Outcome link(String namespace, String account) {
    return entry(namespace, account, new FieldChange.Added(new FieldValue.Plain("present")));
  }

  Outcome unlink(String namespace, String account) {
    return entry(namespace, account, new FieldChange.Dropped(new FieldValue.Plain("present")));
  }

  private Outcome entry(String namespace, String account, FieldChange change) {
    var fields = new TreeMap<String, FieldChange>();
    fields.put("imagePullSecrets/" + NAME, change);
    return target.apply(
        ENVIRONMENT,
        new Change.Update(account(namespace, account), fields, false),
        payloads(Map.of()));
  }

  /// What the planner makes of these entries and what is seen, carried out.
  ///
  /// @return one outcome for each change
  List<Outcome> converge(String namespace, Map<String, Credential> entries) throws TargetException {
    var fields = new TreeMap<String, DesiredField>();
    entries.forEach(
        (key, credential) ->
            fields.put(
                "auths/" + key,
                new DesiredField.Known(
                    value(namespace, key, credential), DesiredField.Origin.MINTED)));
    var desired = new Resource(secret(namespace), fields);
    var restraint = new Restraint(Restraint.Freeze.NOTHING, 20, 25, null, "of a test", false);
    return Planner.plan(List.of(desired), find(desired.id()), restraint).changes().stream()
        .map(change -> apply(change, entries))
        .toList();
  }

  private Outcome apply(Change change, Map<String, Credential> entries) {
    return target.apply(ENVIRONMENT, change, payloads(entries));
  }

  private FieldValue value(String namespace, String key, Credential credential) {
    FieldValue.Sealed sealed = sealed(namespace, key, credential);
    Issuance issuance = credential.issuance();
    return issuance == null ? sealed : new FieldValue.Minted(sealed.seal(), issuance);
  }

  FieldValue.Sealed sealed(String namespace, String key, Credential credential) {
    return new FieldValue.Sealed(
        sealer.seal(secret(namespace), "auths/" + key, credential.sealable()));
  }

  /// What stands at an id, as soon as the watch has told of it.
  ObservedResource observed(ResourceId id) throws TargetException {
    Await.untilTrue(Duration.ofSeconds(10), id + " is not seen", () -> !find(id).isEmpty());
    return find(id).getFirst();
  }

  private List<ObservedResource> find(ResourceId id) throws TargetException {
    return Observing.all(target, ENVIRONMENT, Set.of(id)).stream()
        .filter(resource -> resource.id().equals(id))
        .toList();
  }

  private static Payloads payloads(Map<String, Credential> entries) {
    return (_, field) -> {
      Credential credential = entries.get(field.substring("auths/".length()));
      return credential == null ? null : new Payload.Auth(credential);
    };
  }

  @Override
  public void close() {
    target.close();
  }
}
