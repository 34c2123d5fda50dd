package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.SecretWriter;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes secrets to KV mounts where nothing is yet, with the daemon's login.
///
/// On KV 2 with `cas: 0`, which Vault itself refuses where there ever was a version. KV 1 has no
/// such check: it is read before, only Vault's own form of absence is believed, and what somebody
/// else writes between the two would be lost.
///
/// Source: [create or update
/// secret](https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#create-update-secret).
public final class VaultSecretWriter implements SecretWriter, AutoCloseable {
  private final VaultWire wire;
  private final VaultSession session;
  private final Mounts mounts;

  /// @param nanos a monotonic clock in nanoseconds
  public VaultSecretWriter(VaultSettings settings, LongSupplier nanos, RandomGenerator random) {
    this.wire = new VaultWire(settings);
    this.mounts = new Mounts(wire);
    var pace = new Backoff.Pace(nanos, random, settings.longestPause());
    this.session = new VaultSession(settings.login(), wire, pace);
  }

  @Override
  public Written write(String path, SortedMap<String, Secret> values) {
    return switch (session.current()) {
      case VaultSession.State.Closed(String reason) -> failed(path, reason);
      case VaultSession.State.Open(Secret token) ->
          switch (mounts.ask(token, path)) {
            case Reply.Answered answered when answered.status() == 200 ->
                Mounts.in(answered, path)
                    .filter(mount -> mount.engine() != Mount.Engine.OTHER)
                    .map(mount -> write(token, mount, path, values))
                    .orElseGet(() -> failed(path, "has no KV mount at this path"));
            case Reply.Answered answered
                when answered.status() == 403 && answered.isVaultsError() ->
                failed(path, "has no mount there, or the login may neither read nor write in it");
            case Reply reply -> failed(path, describe(reply));
          };
    };
  }

  private Written write(Secret token, Mount mount, String path, SortedMap<String, Secret> values) {
    boolean guarded = mount.engine() == Mount.Engine.KV_2;
    return switch (wire.get(token, mount.readPath(path), null)) {
      case Reply.Answered answered when answered.status() == 200 -> {
        JsonNode data = answered.body().path("data");
        yield compare(path, guarded ? data.path("data") : data, values);
      }
      case Reply.Answered answered
          when answered.saysThatNothingIsThere() || (answered.status() == 404 && guarded) ->
          create(token, mount, path, values);
      case Reply.Answered answered when answered.status() == 404 ->
          failed(path, "answers 404, but not that nothing is there: ask it again later");
      // Whoever may not read may still create, where Vault itself guards what is there.
      case Reply.Answered answered
          when answered.status() == 403 && answered.isVaultsError() && guarded ->
          create(token, mount, path, values);
      case Reply.Answered answered when answered.status() == 403 && answered.isVaultsError() ->
          denied(mount, path);
      case Reply reply -> failed(path, describe(reply));
    };
  }

  private static Written compare(String path, JsonNode data, SortedMap<String, Secret> values) {
    boolean same =
        values.entrySet().stream()
            .allMatch(
                entry -> {
                  JsonNode there = data.path(entry.getKey());
                  return there.isString() && entry.getValue().equals(Secret.of(there.asString()));
                });
    return same
        ? new Written.Same()
        : new Written.Different(path + ": Vault has something else there, which stays.");
  }

  private Written create(Secret token, Mount mount, String path, SortedMap<String, Secret> values) {
    ObjectNode data = JsonMapper.shared().createObjectNode();
    values.forEach((key, value) -> data.put(key, value.reveal()));
    return switch (wire.write(token, mount.readPath(path), body(mount, data))) {
      case Reply.Answered answered when answered.status() / 100 == 2 -> new Written.New();
      case Reply.Answered answered when answered.status() == 400 && answered.isVaultsError() ->
          new Written.Different(
              path + ": Vault refuses it, because there is or was something already.");
      case Reply.Answered answered when answered.status() == 403 && answered.isVaultsError() ->
          denied(mount, path);
      case Reply reply -> failed(path, describe(reply));
    };
  }

  private static ObjectNode body(Mount mount, ObjectNode data) {
    return switch (mount.engine()) {
      case KV_2 -> {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.putObject("options").put("cas", 0);
        yield body.set("data", data);
      }
      case KV_1, OTHER -> data;
    };
  }

  private static Written denied(Mount mount, String path) {
    return new Written.Failed(
        "%s: Vault denies it. Grant `create` and `read` on `%s` to the login."
            .formatted(path, mount.readPath(path)));
  }

  private static Written failed(String path, String predicate) {
    return new Written.Failed(path + ": Vault " + predicate + ".");
  }

  private static String describe(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> Replies.meaning(answered.status());
      case Reply.Silence silence -> silence.words();
    };
  }

  /// The token is left to expire, as the daemon's is.
  @Override
  public void close() {
    wire.close();
  }
}
