package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Refusals.failed;

import dev.tidewaiter.desired.Compiled.Payloads;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Holding.Adoption;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.Applied;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Outcome.Unchanged;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenSecret;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes pull Secrets: a POST for a new one; for one that exists, a read, a check whose it is, and
/// a patch or deletion that holds only for what was read.
///
/// A Secret is never deleted to be created again: with a new UID every kubelet pulls every image
/// again ([KEP-2535](https://github.com/kubernetes/enhancements/issues/2535)).
final class PullSecrets {
  static final String FIELD = "auths/";
  private static final int ATTEMPTS = 5;

  private final Api api;
  private final Reading reading;

  PullSecrets(Api api, Reading reading) {
    this.api = api;
    this.reading = reading;
  }

  /// What a change needs besides itself.
  record Context(Owner owner, Mirror<SeenSecret> mirror, Payloads payloads) {}

  Outcome create(Change.Create change, Context context) throws ApiException {
    ResourceId id = change.id();
    Content content = Content.empty();
    for (String field : change.fields().keySet()) {
      content.put(key(field), credential(context, id, field));
    }
    byte[] bytes = content.config().bytes();
    if (bytes.length > DockerConfig.LARGEST) {
      return tooLarge("create " + id);
    }
    String sent = Base64.getEncoder().encodeToString(bytes);
    Reply reply = api.send(SecretCalls.create(id, context.owner(), content, sent));
    if (!reply.succeeded()) {
      return Refusals.of(reply, "create secrets in namespace " + id.scope());
    }
    SeenSecret seen = reading.secret(reply.body(), sent, change.fields());
    context.mirror().end(id.scope(), id.name(), seen);
    return new Applied();
  }

  Outcome update(Change.Update change, Context context) throws ApiException {
    ResourceId id = change.id();
    String access = "update secrets in namespace " + id.scope();
    Reply reply = api.send(Call.get(Call.secret(id.scope(), id.name())));
    for (int attempt = 1; reply.succeeded(); attempt++) {
      JsonNode live = reply.body();
      SeenSecret seen = reading.secret(live);
      Outcome obstacle = obstacle(change, context.owner(), seen);
      if (obstacle != null) {
        return obstacle;
      }
      Content content = changed(change, context, live, seen);
      boolean asWanted = !change.adopts() && content.equals(Content.of(live));
      if (asWanted) {
        context.mirror().end(id.scope(), id.name(), seen);
        return new Unchanged("already as declared");
      }
      if (content.config().bytes().length > DockerConfig.LARGEST) {
        return tooLarge("update " + id);
      }
      Reply written = api.send(SecretCalls.update(change, context.owner(), live, content));
      if (written.succeeded()) {
        context.mirror().end(id.scope(), id.name(), reading.secret(written.body()));
        return new Applied();
      }
      if (written.code() != 409 || attempt == ATTEMPTS) {
        return vanished(written) ? gone(change) : Refusals.of(written, access);
      }
      reply = api.send(Call.get(Call.secret(id.scope(), id.name())));
    }
    return vanished(reply) ? gone(change) : Refusals.of(reply, "get " + access.substring(7));
  }

  Outcome prune(Change.Prune change, Context context) throws ApiException {
    ResourceId id = change.id();
    for (int attempt = 1; ; attempt++) {
      Reply reply = api.send(Call.get(Call.secret(id.scope(), id.name())));
      if (vanished(reply)) {
        return new Applied();
      }
      if (!reply.succeeded()) {
        return Refusals.of(reply, "get secrets in namespace " + id.scope());
      }
      SeenSecret seen = reading.secret(reply.body());
      if (!isOwn(seen, context.owner())) {
        return failed(FailureReason.Conflict, "delete " + id, "it is not ours any more", null);
      }
      Reply deleted = api.send(SecretCalls.delete(id, seen.identity()));
      if (deleted.succeeded() || vanished(deleted)) {
        context.mirror().forget(id.scope(), id.name(), seen.identity().uid());
        return new Applied();
      }
      if (deleted.code() != 409 || attempt == ATTEMPTS) {
        return Refusals.of(deleted, "delete secrets in namespace " + id.scope());
      }
    }
  }

  /// Takes our marks away; the content stays.
  Outcome release(ResourceId id, Context context) throws ApiException {
    return annotate(id, context, Marks::unmark);
  }

  /// Sets or removes marks of a Secret of ours.
  Outcome annotate(ResourceId id, Context context, Consumer<ObjectNode> marks) throws ApiException {
    for (int attempt = 1; ; attempt++) {
      Reply reply = api.send(Call.get(Call.secret(id.scope(), id.name())));
      if (vanished(reply)) {
        return new Unchanged("it is gone");
      }
      SeenSecret seen = reading.secret(reply.orThrow("get " + id));
      if (!isOwn(seen, context.owner())) {
        return new Unchanged("it is not ours");
      }
      Reply written = api.send(SecretCalls.annotate(id, seen.identity(), marks));
      if (written.succeeded()) {
        context.mirror().end(id.scope(), id.name(), reading.secret(written.body()));
        return new Applied();
      }
      if (written.code() != 409 || attempt == ATTEMPTS) {
        return Refusals.of(written, "patch secrets in namespace " + id.scope());
      }
    }
  }

  private static @Nullable Outcome obstacle(Change.Update change, Owner owner, SeenSecret seen) {
    String access = "update " + change.id();
    boolean allowed =
        isOwn(seen, owner)
            || (change.adopts() && seen.owner() == null && seen.adoption() != Adoption.FORBIDDEN);
    if (!allowed) {
      return failed(
          FailureReason.Conflict, access, "somebody else's Secret stands in its place", null);
    }
    return seen.immutable()
        ? failed(
            FailureReason.Immutable,
            access,
            "it says `immutable: true`; delete it, and it is created anew",
            null)
        : null;
  }

  private static Content changed(
      Change.Update change, Context context, JsonNode live, SeenSecret seen) {
    Content content = change.adopts() ? Content.foreign(live) : Content.of(live);
    for (Map.Entry<String, FieldChange> field : change.fields().entrySet()) {
      String name = field.getKey();
      switch (field.getValue()) {
        case FieldChange.Added(FieldValue after) when isThere(after, seen.fields().get(name)) -> {}
        case FieldChange.Replaced(_, FieldValue after)
            when isThere(after, seen.fields().get(name)) -> {}
        case FieldChange.Added _, FieldChange.Replaced _ ->
            content.put(key(name), credential(context, change.id(), name));
        case FieldChange.Dropped _ -> content.drop(key(name));
      }
    }
    return content;
  }

  /// Whether another process was faster, and what it minted is as good.
  private static boolean isThere(FieldValue after, @Nullable FieldValue live) {
    return live != null && after.isSatisfiedBy(live);
  }

  private static Credential credential(Context context, ResourceId id, String field) {
    return switch (context.payloads().find(id, field)) {
      case Payload.Auth(Credential credential) -> credential;
      case Payload.Text _ ->
          throw new IllegalStateException("an entry of auths is no text: " + id + " " + field);
      case null -> throw new IllegalStateException("planned without payload: " + id + " " + field);
    };
  }

  private static boolean isOwn(SeenSecret seen, Owner owner) {
    return owner.equals(seen.owner());
  }

  private static boolean vanished(Reply reply) {
    return reply.code() == 404;
  }

  private static Outcome gone(Change.Update change) {
    return change.isWithdrawal()
        ? new Applied()
        : failed(
            FailureReason.Conflict,
            "update " + change.id(),
            "it was deleted meanwhile; the next cycle creates it",
            null);
  }

  private static Outcome tooLarge(String access) {
    return failed(
        FailureReason.TooLarge,
        access,
        "it would be larger than 900 KiB; write `pullSecret.mode: PerRegistry`",
        null);
  }

  private static String key(String field) {
    return field.substring(FIELD.length());
  }
}
