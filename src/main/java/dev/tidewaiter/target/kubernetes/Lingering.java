package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.Compiled.Payloads;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.StillNamed;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenSecret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out which pull Secrets that lost their place are still needed: a pod keeps the names it
/// was admitted with, and pulls with them whenever it is started again.
///
/// What fails in one namespace concerns that one alone.
final class Lingering {
  private static final Logger LOG = LoggerFactory.getLogger(Lingering.class);

  private static final Duration LONGEST = Duration.ofHours(24);

  /// Secrets that are annotated at a time: a quarter of the requests that [Api] has in flight.
  private static final int WRITES = 16;

  private final PodNames pods;
  private final PullSecrets pullSecrets;
  private final Function<String, Mirror<SeenSecret>> mirrors;
  private final String target;
  private final InstantSource clock;

  /// @param mirrors by the name of a Secret
  /// @param target its name, for messages
  Lingering(
      PodNames pods,
      PullSecrets pullSecrets,
      Function<String, Mirror<SeenSecret>> mirrors,
      String target,
      InstantSource clock) {
    this.pods = pods;
    this.pullSecrets = pullSecrets;
    this.mirrors = mirrors;
    this.target = target;
    this.clock = clock;
  }

  /// Those that pods still name, for at most 24 hours since they were retired.
  StillNamed among(Set<ResourceId> candidates, Owner owner) {
    Set<ResourceId> asked = ofOwner(candidates, owner, secret -> !isExpired(secret.retiredAt()));
    Set<String> namespaces = asked.stream().map(ResourceId::scope).collect(Collectors.toSet());
    PodNames.Answers answers = pods.in(namespaces);
    var named = new TreeSet<ResourceId>();
    var unknown = new TreeMap<ResourceId, String>();
    for (ResourceId id : asked) {
      Set<String> names = answers.named().get(id.scope());
      if (names == null) {
        unknown.put(
            id, answers.failed().getOrDefault(id.scope(), target + ": pods were not listed."));
      } else if (names.contains(id.name())) {
        named.add(id);
      }
    }
    return new StillNamed(named, unknown);
  }

  /// Writes down on those that do not say it yet that they linger from now on.
  void retire(Set<ResourceId> lingering, Owner owner) {
    annotate(
        ofOwner(lingering, owner, secret -> instant(secret.retiredAt()).isEmpty()),
        owner,
        clock.instant().toString());
  }

  /// Forgets the retirement of those that are desired again.
  void revive(Set<ResourceId> desired, Owner owner) {
    annotate(ofOwner(desired, owner, secret -> !secret.retiredAt().isEmpty()), owner, null);
  }

  private Set<ResourceId> ofOwner(
      Set<ResourceId> ids, Owner owner, Predicate<SeenSecret> condition) {
    return ids.stream()
        .filter(id -> id.kind() == ResourceKind.PULL_SECRET)
        .filter(
            id ->
                mirrors
                    .apply(id.name())
                    .find(id.scope(), id.name())
                    .filter(secret -> owner.equals(secret.owner()))
                    .filter(condition)
                    .isPresent())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // Once a namespace refuses, the rest of it is left to the next cycle: it may also be slow.
  private void annotate(Set<ResourceId> ids, Owner owner, @Nullable String retiredAt) {
    Set<String> refusing = ConcurrentHashMap.newKeySet();
    each(
        ids,
        id -> {
          if (!refusing.contains(id.scope())) {
            annotate(id, owner, retiredAt)
                .filter(_ -> refusing.add(id.scope()))
                .ifPresent(detail -> unwritten(id, detail));
          }
        });
  }

  /// @return why it could not be written, for people; empty if it is there, or has no place
  private Optional<String> annotate(ResourceId id, Owner owner, @Nullable String retiredAt) {
    Payloads none = (_, _) -> null;
    Mirror<SeenSecret> mirror = mirrors.apply(id.name());
    mirror.begin(id.scope(), id.name());
    try {
      Outcome outcome =
          pullSecrets.annotate(
              id,
              new PullSecrets.Context(owner, mirror, none),
              metadata -> metadata.putObject("annotations").put(Marks.RETIRED_AT, retiredAt));
      return outcome instanceof Outcome.Failed failed
          ? Optional.of(failed.detail())
          : Optional.empty();
    } catch (ApiException e) {
      return Optional.of(e.getMessage() + ".");
    } finally {
      mirror.end(id.scope(), id.name(), null);
    }
  }

  private void unwritten(ResourceId id, String detail) {
    LOG.atWarn()
        .setMessage("retirement not written")
        .addKeyValue("target", target)
        .addKeyValue("resource", id)
        .addKeyValue("detail", detail)
        .log();
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

  /// Does the same with each, so many at a time.
  private static void each(Set<ResourceId> all, Consumer<ResourceId> task) {
    var permits = new Semaphore(WRITES);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ResourceId one : all) {
        permits.acquire();
        threads.execute(
            () -> {
              try {
                task.accept(one);
              } finally {
                permits.release();
              }
            });
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
