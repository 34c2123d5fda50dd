package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.desired.RegistryHost;
import dev.tidewaiter.desired.RegistryHost.Endpoint;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a change makes of the `hosts.toml` of a registry.
///
/// A plan changes single fields, and sets some before it drops others. So that no state between is
/// more than either end: a credential belongs to its URL and not to its number, of two endpoints
/// with one URL the first counts, and a registry is denied when its endpoints are dropped, not
/// before. (A credential that is withdrawn together with a mirror before it moves up first, because
/// one that is only withheld must, and goes in the cycle after.)
final class HostsChange {
  private static final String ENDPOINT = "endpoint/";
  private static final String AUTHORIZATION = "authorization/";

  private final String registry;
  private final SortedMap<Integer, Endpoint> endpoints = new TreeMap<>();
  private final Map<String, Credential> credentials = new HashMap<>();

  // A credential of ours outlives what somebody does to the rest of the file: it may not be known
  // now.
  private HostsChange(
      @Nullable HostsDocument current, @Nullable FileContent edited, String registry) {
    this.registry = registry;
    if (current == null && edited != null) {
      credentials.putAll(HostsReader.credentials(edited));
    }
    if (current != null) {
      for (Endpoint endpoint : current.endpoints()) {
        endpoints.put(endpoints.size() + 1, endpoint);
      }
      current
          .authorizations()
          .forEach((number, credential) -> credentials.put(url(number), credential));
    }
  }

  /// @param current null if there is none that can be read
  /// @param edited the text of the file; null if there is none
  /// @return empty if nothing is known that could be written
  static Optional<HostsDocument> apply(
      String registry,
      @Nullable HostsDocument current,
      @Nullable FileContent edited,
      Change change,
      Compiled.Payloads payloads) {
    SortedMap<String, FieldValue> set = set(change);
    var next = new HostsChange(current, edited, registry);
    boolean reaches = set.keySet().stream().anyMatch(field -> field.startsWith(ENDPOINT));
    boolean denies = set.containsKey(RegistryHost.DENIED);
    next.drop(dropped(change));
    next.set(change, set, payloads);
    if (next.endpoints.isEmpty()) {
      return denies || current != null
          ? Optional.of(HostsDocument.denied(registry))
          : Optional.empty();
    }
    return reaches || !denies ? Optional.of(next.document()) : Optional.ofNullable(current);
  }

  static SortedMap<String, FieldValue> set(Change change) {
    return switch (change) {
      case Change.Create create -> create.fields();
      case Change.Prune _ -> new TreeMap<>();
      case Change.Update update -> {
        var set = new TreeMap<String, FieldValue>();
        update
            .fields()
            .forEach(
                (field, what) -> {
                  switch (what) {
                    case FieldChange.Added(FieldValue after) -> set.put(field, after);
                    case FieldChange.Replaced(_, FieldValue after) -> set.put(field, after);
                    case FieldChange.Dropped _ -> {}
                  }
                });
        yield set;
      }
    };
  }

  static Set<String> dropped(Change change) {
    var dropped = new TreeSet<String>();
    if (change instanceof Change.Update(_, var fields, _)) {
      dropped.addAll(fields.keySet());
    }
    dropped.removeAll(set(change).keySet());
    return dropped;
  }

  private void drop(Set<String> fields) {
    for (String field : fields) {
      if (field.startsWith(AUTHORIZATION)) {
        credentials.remove(url(number(field)));
      }
    }
    for (String field : fields) {
      if (field.startsWith(ENDPOINT)) {
        endpoints.remove(number(field));
      }
    }
  }

  private void set(
      Change change, SortedMap<String, FieldValue> fields, Compiled.Payloads payloads) {
    fields.forEach(
        (field, value) -> {
          if (field.startsWith(ENDPOINT)) {
            endpoints.put(number(field), Endpoint.parse(value.toString()));
          }
        });
    for (String field : fields.keySet()) {
      if (field.startsWith(AUTHORIZATION)) {
        credentials.put(url(number(field)), credential(payloads.find(change.id(), field)));
      }
    }
  }

  private static Credential credential(@Nullable Payload payload) {
    return switch (payload) {
      case Payload.Auth(Credential credential) ->
          new Credential(credential.username(), credential.password(), null, null);
      case Payload.Text _ -> throw new IllegalStateException("a text for an authorization");
      case null -> throw new IllegalStateException("a planned authorization has no payload");
    };
  }

  private HostsDocument document() {
    var distinct = new ArrayList<Endpoint>();
    var authorizations = new TreeMap<Integer, Credential>();
    for (Endpoint endpoint : endpoints.values()) {
      if (distinct.stream().noneMatch(other -> other.url().equals(endpoint.url()))) {
        distinct.add(endpoint);
        Credential credential = credentials.get(endpoint.url());
        if (credential != null) {
          authorizations.put(distinct.size(), credential);
        }
      }
    }
    return HostsDocument.reached(registry, distinct, authorizations);
  }

  private String url(int number) {
    Endpoint endpoint = endpoints.get(number);
    return endpoint == null ? "" : endpoint.url();
  }

  private static int number(String field) {
    return Integer.parseInt(field.substring(field.indexOf('/') + 1));
  }
}
