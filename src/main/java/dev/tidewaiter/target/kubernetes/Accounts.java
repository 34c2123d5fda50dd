package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.Applied;
import dev.tidewaiter.target.Outcome.Unchanged;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.node.ObjectNode;

/// Writes our entries into `imagePullSecrets` of ServiceAccounts.
///
/// The list is atomic to the API server (`+listType=atomic`), so server-side apply and strategic
/// merge would replace the entries of others, and on OpenShift make its controller create Secrets
/// without end. Read, changed, and sent with the `resourceVersion` that was read.
final class Accounts {
  static final String FIELD = "imagePullSecrets/";
  private static final int ATTEMPTS = 12;

  private final Api api;

  Accounts(Api api) {
    this.api = api;
  }

  /// Adds to and takes from the list what a change names.
  Outcome update(
      ResourceId id, Map<String, FieldChange> fields, Owner owner, Mirror<SeenAccount> mirror)
      throws ApiException {
    return write(id, mirror, seen -> Draft.of(seen, recordKey(owner)).change(fields));
  }

  /// Takes our record away; the entries stay.
  Outcome release(ResourceId id, Owner owner, Mirror<SeenAccount> mirror) throws ApiException {
    return write(id, mirror, seen -> Draft.of(seen, recordKey(owner)).release());
  }

  static String recordKey(Owner owner) {
    return owner.instance() + "/" + owner.environment();
  }

  static Map<String, FieldChange> fields(Change.Create change) {
    var fields = new TreeMap<String, FieldChange>();
    change.fields().forEach((name, value) -> fields.put(name, new FieldChange.Added(value)));
    return fields;
  }

  private interface Drafting {
    Draft of(SeenAccount seen);
  }

  private Outcome write(ResourceId id, Mirror<SeenAccount> mirror, Drafting drafting)
      throws ApiException {
    // What the watch told saves a read; if it is not the newest, the precondition fails.
    Optional<SeenAccount> known = mirror.find(id.scope(), id.name());
    for (int attempt = 1; ; attempt++) {
      if (known.isEmpty()) {
        Reply reply = api.send(Call.get(Call.serviceAccount(id.scope(), id.name())));
        if (reply.code() == 404) {
          return new Unchanged("there is no such ServiceAccount");
        }
        if (!reply.succeeded()) {
          return Refusals.of(reply, "get serviceaccounts in namespace " + id.scope());
        }
        known = Optional.of(Reading.account(reply.body()));
      }
      SeenAccount seen = known.get();
      Draft draft = drafting.of(seen);
      if (draft.isAs(seen)) {
        mirror.end(id.scope(), id.name(), seen);
        return new Unchanged("already as declared");
      }
      Reply written = api.send(patch(id, seen, draft));
      if (written.succeeded()) {
        mirror.end(id.scope(), id.name(), Reading.account(written.body()));
        return new Applied();
      }
      if (written.code() == 404) {
        return new Unchanged("there is no such ServiceAccount");
      }
      if (written.code() != 409 || attempt == ATTEMPTS) {
        return Refusals.of(written, "patch serviceaccounts in namespace " + id.scope());
      }
      known = Optional.empty();
      pause(attempt);
    }
  }

  private static Call patch(ResourceId id, SeenAccount seen, Draft draft) {
    ObjectNode patch = Json.object();
    ObjectNode metadata =
        patch
            .putObject("metadata")
            .put("uid", seen.identity().uid())
            .put("resourceVersion", Long.toUnsignedString(seen.identity().version()));
    ObjectNode annotations = metadata.putObject("annotations");
    if (draft.recorded().isEmpty()) {
      annotations.putNull(Marks.PULL_SECRETS);
    } else {
      annotations.put(Marks.PULL_SECRETS, draft.annotation());
    }
    if (draft.entries().isEmpty()) {
      patch.putNull("imagePullSecrets");
    } else {
      var list = patch.putArray("imagePullSecrets");
      draft.entries().forEach(name -> list.addObject().put("name", name));
    }
    String path = Call.serviceAccount(id.scope(), id.name());
    return Call.patch(path + "?fieldManager=" + Marks.TIDEWAITER, patch);
  }

  private static void pause(int attempt) throws ApiException {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(10 * attempt) + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.unanswered("patch serviceaccounts", e);
    }
  }

  /// A ServiceAccount's list and record as they are to become.
  private record Draft(String key, List<String> entries, Map<String, List<String>> recorded) {
    static Draft of(SeenAccount seen, String key) {
      return new Draft(key, new ArrayList<>(seen.entries()), new TreeMap<>(seen.recorded()));
    }

    Draft change(Map<String, FieldChange> fields) {
      var ours = new ArrayList<>(recorded.getOrDefault(key, List.of()));
      fields.forEach(
          (field, change) -> {
            String name = field.substring(FIELD.length());
            switch (change) {
              case FieldChange.Added _, FieldChange.Replaced _ -> add(name, ours);
              case FieldChange.Dropped _ -> drop(name, ours);
            }
          });
      return record(ours);
    }

    Draft release() {
      return record(List.of());
    }

    /// An entry that is there by somebody else's hand stays theirs.
    private void add(String name, List<String> ours) {
      if (!entries.contains(name)) {
        entries.add(name);
        if (!ours.contains(name)) {
          ours.add(name);
        }
      }
    }

    /// What another environment or instance recorded too stays in the list.
    private void drop(String name, List<String> ours) {
      boolean shared =
          recorded.entrySet().stream()
              .anyMatch(other -> !other.getKey().equals(key) && other.getValue().contains(name));
      if (ours.remove(name) && !shared) {
        entries.removeIf(name::equals);
      }
    }

    private Draft record(List<String> ours) {
      if (ours.isEmpty()) {
        recorded.remove(key);
      } else {
        recorded.put(key, List.copyOf(ours));
      }
      return this;
    }

    boolean isAs(SeenAccount seen) {
      return entries.equals(seen.entries()) && recorded.equals(seen.recorded());
    }

    String annotation() {
      ObjectNode record = Json.object();
      recorded.forEach(
          (owner, names) -> {
            var list = record.putArray(owner);
            names.forEach(list::add);
          });
      return Json.text(record);
    }
  }
}
