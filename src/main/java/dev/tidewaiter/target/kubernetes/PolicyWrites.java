package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Refusals.failed;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.Applied;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Outcome.Unchanged;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenPolicy;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Writes policies and bindings: a POST for a new one; for one that exists, a read, a check whose
/// it is, and a patch or deletion that holds only for what was read.
final class PolicyWrites {
  private static final int ATTEMPTS = 5;

  private final Api api;

  PolicyWrites(Api api) {
    this.api = api;
  }

  /// @param kind as the server has it
  record Context(PolicyKind kind, Owner owner, Mirror<SeenPolicy> mirror) {
    /// For a refusal, such as `patch validatingadmissionpolicies`.
    String access(String verb) {
      return verb + " " + kind.plural();
    }
  }

  Outcome apply(Change change, Context context) throws ApiException {
    return switch (change) {
      case Change.Create(ResourceId id, var fields) -> {
        var plain = new TreeMap<String, String>();
        fields.forEach((field, value) -> plain.put(field, value.toString()));
        yield create(id, new Rules(id.kind(), plain), context);
      }
      case Change.Update(ResourceId id, var fields, _) -> update(id, fields, context);
      case Change.Prune(ResourceId id, _) -> prune(id, context);
    };
  }

  private Outcome create(ResourceId id, Rules rules, Context context) throws ApiException {
    ObjectNode spec = rules.spec();
    if (spec == null) {
      throw new IllegalStateException("planned, but no policy: " + id + " " + rules.fields());
    }
    Call call = PolicyCalls.create(context.kind(), id.name(), context.owner(), rules, spec);
    Reply reply = api.send(call);
    return reply.code() == 409
        ? occupied(id, rules, context)
        : written(reply, id, context, "create");
  }

  /// The object may be our own: the answer to an earlier request was lost, or another process of
  /// this instance was first, and the watch has not told of it yet.
  private Outcome occupied(ResourceId id, Rules rules, Context context) throws ApiException {
    Reply reply = api.send(Call.get(context.kind().path(id.name())));
    if (!reply.succeeded()) {
      return refused(reply, id, context, "get");
    }
    SeenPolicy seen = Reading.policy(id.kind(), reply.body());
    if (!context.owner().equals(seen.owner())) {
      return failed(
          FailureReason.Conflict,
          "create " + id,
          "an object of this name is there already, which is not ours; delete it",
          null);
    }
    context.mirror().end("", id.name(), seen);
    return rules.equals(seen.rules()) && !seen.edited()
        ? new Unchanged("already as declared")
        : failed(
            FailureReason.Conflict,
            "create " + id,
            "it is there already, ours, with other rules; the next cycle corrects it",
            null);
  }

  private Outcome update(ResourceId id, Map<String, FieldChange> changes, Context context)
      throws ApiException {
    for (int attempt = 1; ; attempt++) {
      Reply reply = api.send(Call.get(context.kind().path(id.name())));
      SeenPolicy seen = reply.succeeded() ? Reading.policy(id.kind(), reply.body()) : null;
      if (seen == null || !context.owner().equals(seen.owner())) {
        return seen == null ? refused(reply, id, context, "get") : foreign("patch " + id);
      }
      Rules rules = seen.rules().changed(changes);
      ObjectNode spec = rules.spec();
      if (spec == null) {
        // To drop a field of an object whose annotation says nothing any more.
        return failed(FailureReason.Rejected, "patch " + id, "its rules are not known now", null);
      }
      if (rules.equals(seen.rules()) && !seen.edited()) {
        context.mirror().end("", id.name(), seen);
        return new Unchanged("already as declared");
      }
      Reply written = api.send(PolicyCalls.update(context.kind(), seen.identity(), rules, spec));
      if (written.code() != 409 || attempt == ATTEMPTS) {
        return written(written, id, context, "patch");
      }
    }
  }

  /// Takes our marks away; the policy stays in force.
  Outcome release(ResourceId id, Context context) throws ApiException {
    Reply reply = api.send(Call.get(context.kind().path(id.name())));
    if (reply.code() == 404) {
      return new Unchanged("it is gone");
    }
    SeenPolicy seen = Reading.policy(id.kind(), reply.orThrow("get " + id));
    return context.owner().equals(seen.owner())
        ? written(
            api.send(PolicyCalls.release(context.kind(), seen.identity())), id, context, "patch")
        : new Unchanged("it is not ours");
  }

  private Outcome prune(ResourceId id, Context context) throws ApiException {
    for (int attempt = 1; ; attempt++) {
      Reply reply = api.send(Call.get(context.kind().path(id.name())));
      if (reply.code() == 404) {
        return new Applied();
      }
      if (!reply.succeeded()) {
        return Refusals.of(reply, context.access("get"));
      }
      SeenPolicy seen = Reading.policy(id.kind(), reply.body());
      if (!context.owner().equals(seen.owner())) {
        return foreign("delete " + id);
      }
      Reply deleted = api.send(PolicyCalls.delete(context.kind(), seen.identity()));
      if (deleted.succeeded() || deleted.code() == 404) {
        context.mirror().forget("", id.name(), seen.identity().uid());
        return new Applied();
      }
      if (deleted.code() != 409 || attempt == ATTEMPTS) {
        return Refusals.of(deleted, context.access("delete"));
      }
    }
  }

  private static Outcome foreign(String access) {
    return failed(FailureReason.Conflict, access, "it is not ours any more", null);
  }

  private static Outcome written(Reply reply, ResourceId id, Context context, String verb) {
    if (!reply.succeeded()) {
      return refused(reply, id, context, verb);
    }
    context.mirror().end("", id.name(), Reading.policy(id.kind(), reply.body()));
    return new Applied();
  }

  /// There is no namespace that could have gone: the object is gone, or the server's API.
  private static Outcome refused(Reply reply, ResourceId id, Context context, String verb) {
    return reply.code() == 404
        ? failed(
            FailureReason.Conflict,
            verb + " " + id,
            "it was deleted meanwhile; the next cycle creates it",
            null)
        : Refusals.of(reply, context.access(verb));
  }
}
