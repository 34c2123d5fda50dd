package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.SecretLookup;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads paths, written as for the `vault` command line, and tells found, absent, denied and
/// unavailable apart.
///
/// Source: [KV 2 API](https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2), [KV 1
/// API](https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v1). A path of any other engine
/// is read as `vault read` reads it.
final class PathReader {
  private static final String FOREIGN =
      "answers 403, but not in Vault's form: a proxy on the way may deny the request";

  private final VaultWire wire;
  private final Mounts mounts;
  private final Leasing leasing;

  PathReader(VaultWire wire, Leasing leasing) {
    this.wire = wire;
    this.mounts = new Mounts(wire);
    this.leasing = leasing;
  }

  /// Which paths may be read at all.
  enum Leasing {
    ALLOWED,
    /// Only those of KV mounts: whatever another engine is read for, it may lend, and somebody has
    /// to keep and to give back.
    FORBIDDEN
  }

  /// A path, and the version of it that is wanted.
  ///
  /// @param version null for the latest
  record SecretPath(String path, @Nullable Integer version) {}

  /// What came of a read.
  ///
  /// @param reply the last exchange: what it says about token and server concerns others too; null
  ///   if the mount alone gave the answer
  /// @param grant what Vault lends with it; null if it is not lent
  record Reading(PathAnswer answer, @Nullable Reply reply, Lease.@Nullable Grant grant) {
    Reading(PathAnswer answer, @Nullable Reply reply) {
      this(answer, reply, null);
    }
  }

  Reading read(Secret token, SecretPath wanted) {
    Optional<Mount> known = mounts.find(wanted.path());
    if (known.isEmpty()) {
      return readAnew(token, wanted);
    }
    Reading reading = readFrom(known.get(), token, wanted);
    if (!mayBeRemounted(reading)) {
      return reading;
    }
    // A mount that was replaced or upgraded answers like one that has nothing at the path.
    mounts.remove(known.get());
    Reply asked = mounts.ask(token, wanted.path());
    return Mounts.in(asked, wanted.path()).equals(known)
        ? confirm(known.get(), reading)
        : readFound(asked, token, wanted);
  }

  private Reading confirm(Mount mount, Reading reading) {
    mounts.add(mount);
    return reading;
  }

  private static boolean mayBeRemounted(Reading reading) {
    return reading.reply() == null
        || (reading.reply() instanceof Reply.Answered answered
            && (answered.status() == 404
                || (answered.status() == 200 && reading.answer() instanceof PathAnswer.Without)));
  }

  private Reading readAnew(Secret token, SecretPath wanted) {
    return readFound(mounts.ask(token, wanted.path()), token, wanted);
  }

  private Reading readFound(Reply asked, Secret token, SecretPath wanted) {
    Optional<Mount> mount = Mounts.in(asked, wanted.path());
    if (mount.isPresent()) {
      mounts.add(mount.get());
      return readFrom(mount.get(), token, wanted);
    }
    if (asked instanceof Reply.Answered answered
        && answered.status() == 403
        && answered.isVaultsError()) {
      return readWithoutMount(token, wanted);
    }
    return without(asked, wanted.path(), describe(asked) + " when asked for the mount");
  }

  /// Vault denies a mount that does not exist in the words in which it denies one where the token
  /// may read nothing. The path itself tells them apart to a token that may see it; only those two
  /// answers are believed, because the mount's version is not known.
  private Reading readWithoutMount(Secret token, SecretPath wanted) {
    if (leasing == Leasing.FORBIDDEN) {
      String reason =
          "%s: Vault denies it, or has no mount at this path. Grant `read` on it to the daemon's policy."
              .formatted(wanted.path());
      return new Reading(new PathAnswer.Without(new SecretLookup.Denied(reason)), null);
    }
    Reply reply = wire.get(token, wanted.path(), null);
    if (reply instanceof Reply.Answered answered
        && answered.status() == 403
        && answered.isVaultsError()) {
      return denied(reply, wanted.path(), wanted.path());
    }
    if (reply instanceof Reply.Answered answered && answered.status() < 429) {
      return without(
          reply,
          wanted.path(),
          "has no mount at this path. Write the mount first, as for `vault kv get`");
    }
    return without(reply, wanted.path(), describe(reply));
  }

  private Reading readFrom(Mount mount, Secret token, SecretPath wanted) {
    @Nullable String unfit = unfit(mount, wanted);
    if (unfit != null) {
      return new Reading(
          new PathAnswer.Without(new SecretLookup.Unavailable(wanted.path() + ": " + unfit + ".")),
          null);
    }
    String path = mount.readPath(wanted.path());
    Reply reply = wire.get(token, path, wanted.version());
    if (!(reply instanceof Reply.Answered answered)) {
      return without(reply, wanted.path(), describe(reply));
    }
    return switch (answered.status()) {
      case 200 ->
          new Reading(content(mount, wanted, answered), reply, Lease.Grant.in(answered.body()));
      case 403 ->
          answered.isVaultsError()
              ? denied(reply, wanted.path(), path)
              : without(reply, wanted.path(), FOREIGN);
      case 404 -> new Reading(missing(wanted, answered), reply);
      default -> without(reply, wanted.path(), describe(reply) + hint(mount, answered));
    };
  }

  // Engines answer 400 to a role that they do not know.
  private static String hint(Mount mount, Reply.Answered answered) {
    return mount.engine() == Mount.Engine.OTHER && answered.status() == 400
        ? ". Check the role that the path names"
        : "";
  }

  private @Nullable String unfit(Mount mount, SecretPath wanted) {
    return switch (mount.engine()) {
      case KV_2 -> null;
      case KV_1 ->
          wanted.version() == null
              ? null
              : "a version is pinned, and the mount is of KV version 1, which keeps none. Remove `version`";
      case OTHER ->
          leasing == Leasing.FORBIDDEN
              ? "the mount is not of a KV engine, and this command reads no path that yields leases"
              : wanted.version() == null
                  ? null
                  : "a version is pinned, and the mount is not of a KV engine. Remove `version`";
    };
  }

  private static PathAnswer content(Mount mount, SecretPath wanted, Reply.Answered answered) {
    JsonNode data = answered.body().path("data");
    String revision = "";
    if (mount.engine() == Mount.Engine.KV_2) {
      JsonNode metadata = data.path("metadata");
      revision = metadata.isObject() ? "version " + metadata.path("version").asInt(0) : "";
      data = data.path("data");
      if (!metadata.isObject()) {
        data = metadata;
      }
    }
    return data.isObject()
        ? new PathAnswer.Read(data, revision, null)
        : unavailable(wanted.path(), "answers 200 in a form that is not the mount's");
  }

  /// Only Vault's own two forms of absence are absence: no `errors`, or the metadata of a version
  /// that was deleted or destroyed. Everything else is said by somebody who does not know.
  private static PathAnswer missing(SecretPath wanted, Reply.Answered answered) {
    JsonNode metadata = answered.body().path("data").path("metadata");
    if (metadata.path("destroyed").asBoolean(false)) {
      return absent(wanted, "was destroyed.");
    }
    if (!metadata.path("deletion_time").asString("").isEmpty()) {
      return absent(wanted, "was deleted; `vault kv undelete` brings it back.");
    }
    if (answered.saysThatNothingIsThere()) {
      return absent(wanted, "does not exist.");
    }
    return unavailable(
        wanted.path(), "answers 404, but not that the secret is absent: is the mount gone?");
  }

  private static PathAnswer absent(SecretPath wanted, String what) {
    String version = wanted.version() == null ? "the secret " : "version " + wanted.version() + " ";
    return new PathAnswer.Without(new SecretLookup.Absent(wanted.path() + ": " + version + what));
  }

  private static Reading denied(Reply reply, String path, String apiPath) {
    String reason =
        "%s: Vault denies reading it. Grant `read` on `%s` to the daemon's policy."
            .formatted(path, apiPath);
    return new Reading(new PathAnswer.Without(new SecretLookup.Denied(reason)), reply);
  }

  private static Reading without(Reply reply, String path, String predicate) {
    return new Reading(unavailable(path, predicate), reply);
  }

  private static PathAnswer unavailable(String path, String predicate) {
    return new PathAnswer.Without(
        new SecretLookup.Unavailable(path + ": Vault " + predicate + "."));
  }

  private static String describe(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> Replies.meaning(answered.status());
      case Reply.Silence silence -> silence.words();
    };
  }
}
