package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Compiled.Payloads;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenSecret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Finds out which pull Secrets that lost their place are still needed: a pod keeps the names it
/// was admitted with, and pulls with them whenever it is started again.
final class Lingering {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final int PAGE = 500;

  private final Api api;
  private final PullSecrets pullSecrets;
  private final InstantSource clock;

  Lingering(Api api, PullSecrets pullSecrets, InstantSource clock) {
    this.api = api;
    this.pullSecrets = pullSecrets;
    this.clock = clock;
  }

  /// Whether a pod still names the Secret, for at most 24 hours since this was first asked, which
  /// is recorded on it.
  boolean lingers(ResourceId id, Owner owner, Mirror<SeenSecret> mirror) throws ApiException {
    Optional<SeenSecret> seen =
        mirror.find(id.scope(), id.name()).filter(secret -> owner.equals(secret.owner()));
    if (seen.isEmpty() || isExpired(seen.get().retiredAt())) {
      return false;
    }
    if (!namedByPods(id.scope()).contains(id.name())) {
      return false;
    }
    if (instant(seen.get().retiredAt()).isEmpty()) {
      record(id, owner, mirror);
    }
    return true;
  }

  /// Forgets the retirement of a Secret that is desired again.
  void revive(ResourceId id, Owner owner, Mirror<SeenSecret> mirror) throws ApiException {
    annotate(id, owner, mirror, null);
  }

  private void record(ResourceId id, Owner owner, Mirror<SeenSecret> mirror) throws ApiException {
    annotate(id, owner, mirror, clock.instant().toString());
  }

  private void annotate(
      ResourceId id,
      Owner owner,
      Mirror<SeenSecret> mirror,
      @org.jspecify.annotations.Nullable String retiredAt)
      throws ApiException {
    Payloads none = (_, _) -> null;
    mirror.begin(id.scope(), id.name());
    try {
      Outcome outcome =
          pullSecrets.annotate(
              id,
              new PullSecrets.Context(owner, mirror, none),
              metadata -> metadata.putObject("annotations").put(Marks.RETIRED_AT, retiredAt));
      if (outcome instanceof Outcome.Failed failed) {
        throw ApiException.refused("patch " + id, 0, failed.detail(), failed.retryAfter());
      }
    } finally {
      mirror.end(id.scope(), id.name(), null);
    }
  }

  private boolean isExpired(String retiredAt) {
    return instant(retiredAt)
        .map(since -> clock.instant().isAfter(since.plus(LONGEST)))
        .orElse(false);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException _) {
      // Somebody else wrote there: the time starts anew.
      return Optional.empty();
    }
  }

  /// Names of all pull Secrets that pods of a namespace name; a pod that is over pulls no more.
  private Set<String> namedByPods(String namespace) throws ApiException {
    var names = new TreeSet<String>();
    String next = "";
    do {
      String path =
          "api/v1/namespaces/%s/pods?limit=%d&continue=%s"
              .formatted(Call.encode(namespace), PAGE, Call.encode(next));
      JsonNode page = api.read(path, "list pods in namespace " + namespace);
      for (JsonNode pod : page.path("items")) {
        String phase = Json.string(pod.path("status"), "phase");
        if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
          pod.path("spec")
              .path("imagePullSecrets")
              .forEach(entry -> names.add(Json.string(entry, "name")));
        }
      }
      next = Json.string(page.path("metadata"), "continue");
    } while (!next.isEmpty());
    return names;
  }
}
