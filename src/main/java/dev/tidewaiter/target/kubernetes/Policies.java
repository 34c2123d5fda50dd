package dev.tidewaiter.target.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The policies and bindings of one instance in a cluster. Found by their labels, so that no
/// inventory needs to be written; of sorts that the server does not have, nothing is asked.
final class Policies implements AutoCloseable {
  /// How long a cycle waits for a watch that is not in step.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// A server is upgraded now and then. An upgrade also ends the watches, after which it is asked
  /// at once; this is for servers that had nothing to watch.
  private static final Duration RECHECK = Duration.ofMinutes(10);

  /// What is compiled for while the server never said what it has.
  private static final Admission UNSAID = new Admission(true, Admission.Mutating.V1, "");

  /// How often it is asked while a watch is not in step, or a sort is gone that was there: while
  /// one of several servers is upgraded, each answers for itself.
  private static final Duration SOON = Duration.ofSeconds(15);

  /// Each may have hundreds of kilobytes.
  private static final int PAGE = 50;

  private final Api api;
  private final ClusterSettings settings;
  private final String target;
  private final InstantSource clock;
  private final AdmissionDiscovery discovery;
  private final PolicyWrites writes;
  private final Object lock = new Object();
  private volatile Consumer<TargetEvent> listener = _ -> {};

  @GuardedBy("lock")
  private final Map<ResourceKind, Followed> followed = new EnumMap<>(ResourceKind.class);

  @GuardedBy("lock")
  private final Set<ResourceKind> everFollowed = EnumSet.noneOf(ResourceKind.class);

  @GuardedBy("lock")
  private @Nullable Admission admission;

  @GuardedBy("lock")
  private Instant asked = Instant.EPOCH;

  @GuardedBy("lock")
  private boolean closed;

  private record Followed(PolicyKind kind, Follower<SeenPolicy> follower) {}

  /// @param target its name, for messages
  Policies(Api api, ClusterSettings settings, String target, InstantSource clock) {
    this.api = api;
    this.settings = settings;
    this.target = target;
    this.clock = clock;
    this.discovery = new AdmissionDiscovery(api, clock);
    this.writes = new PolicyWrites(api);
  }

  void listen(Consumer<TargetEvent> listener) {
    this.listener = listener;
  }

  /// What the server can be asked to enforce, as of a few minutes ago at most.
  Admission admission() throws TargetException {
    synchronized (lock) {
      Admission known = admission;
      boolean settled =
          followed.keySet().containsAll(everFollowed)
              && followed.values().stream().allMatch(each -> each.follower().isInStep());
      if (known != null && clock.instant().isBefore(asked.plus(settled ? RECHECK : SOON))) {
        return known;
      }
      try {
        Admission now = discovery.ask();
        follow(PolicyKind.of(now));
        admission = now;
        asked = clock.instant();
        return now;
      } catch (ApiException e) {
        throw e.at(target);
      }
    }
  }

  /// The same; while it does not say, what it said last, or all that there is. What is declared
  /// then shows as policies that cannot be observed, not as a server that is too old.
  Admission lastAdmission() {
    try {
      return admission();
    } catch (TargetException _) {
      synchronized (lock) {
        Admission last = admission;
        return last == null ? UNSAID : last;
      }
    }
  }

  @GuardedBy("lock")
  private void follow(List<PolicyKind> kinds) {
    followed
        .values()
        .removeIf(
            each -> {
              boolean gone = !kinds.contains(each.kind());
              if (gone) {
                each.follower().close();
              }
              return gone;
            });
    if (!closed) {
      kinds.forEach(
          kind -> {
            followed.computeIfAbsent(kind.kind(), _ -> follow(kind));
            everFollowed.add(kind.kind());
          });
    }
  }

  private Followed follow(PolicyKind kind) {
    String word = kind.kind().word();
    var collection =
        new Follower.Collection(kind.plural(), kind.ofInstance(settings.instance()), PAGE);
    var mirror =
        new Mirror<SeenPolicy>(
            (_, after) ->
                listener.accept(
                    new TargetEvent(
                        ResourceId.CLUSTER_WIDE,
                        word + (after == null ? " deleted" : " changed"))));
    return new Followed(
        kind,
        new Follower<>(
            api,
            collection,
            object -> Reading.policy(kind.kind(), object),
            mirror,
            settings.relist()));
  }

  /// Environments of this instance that own any.
  Set<String> environments() throws TargetException {
    var environments = new TreeSet<String>();
    for (Followed each : seen(Set.of())) {
      for (SeenPolicy policy : each.follower().mirror().all()) {
        Owner owner = policy.owner();
        if (owner != null && owner.instance().equals(settings.instance())) {
          environments.add(owner.environment());
        }
      }
    }
    return environments;
  }

  /// What is ours for an environment, and what else of this instance stands at the desired ids.
  List<ObservedResource> observe(String environment, Set<ResourceId> desired)
      throws TargetException {
    var needed = new HashSet<ResourceKind>();
    desired.stream().map(ResourceId::kind).filter(ResourceKind::isPolicy).forEach(needed::add);
    var reader = new Owner(settings.instance(), environment);
    var observed = new ArrayList<ObservedResource>();
    for (Followed each : seen(needed)) {
      for (SeenPolicy policy : each.follower().mirror().all()) {
        var id =
            new ResourceId(each.kind().kind(), ResourceId.CLUSTER_WIDE, policy.identity().name());
        if (reader.equals(policy.owner()) || desired.contains(id)) {
          observed.add(observed(id, policy, reader));
        }
      }
    }
    return observed;
  }

  /// Waits until all are in step. Sorts that we may not look at count as empty, unless they are
  /// needed: with the rights of a manifest from before there were policies, all else goes on.
  private List<Followed> seen(Set<ResourceKind> needed) throws TargetException {
    List<Followed> all = served(needed);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    var seen = new ArrayList<Followed>();
    for (Followed each : all) {
      try {
        each.follower().await(target, deadline);
        seen.add(each);
      } catch (TargetException e) {
        if (!e.denied() || needed.contains(each.kind().kind())) {
          throw e;
        }
      }
    }
    return seen;
  }

  private List<Followed> served(Set<ResourceKind> needed) throws TargetException {
    try {
      Admission _ = admission();
    } catch (TargetException e) {
      if (!e.denied() || !needed.isEmpty()) {
        throw e;
      }
      return List.of();
    }
    synchronized (lock) {
      for (ResourceKind kind : needed) {
        if (!followed.containsKey(kind)) {
          String message = target + ": this API server has no " + kind.word() + " now.";
          throw new TargetException(message, false, null);
        }
      }
      return List.copyOf(followed.values());
    }
  }

  private ObservedResource observed(ResourceId id, SeenPolicy policy, Owner reader) {
    Holding holding = holding(id, policy, reader);
    boolean ours = holding instanceof Holding.Ours;
    var fields = new TreeMap<String, ObservedField>();
    policy
        .rules()
        .fields()
        .forEach(
            (field, value) ->
                fields.put(field, new ObservedField(new FieldValue.Plain(value), ours)));
    if (policy.edited()) {
      fields.put(PolicyObject.EDITED, new ObservedField(new FieldValue.Plain("edited"), ours));
    }
    return new ObservedResource(id, holding, fields);
  }

  private Holding holding(ResourceId id, SeenPolicy policy, Owner reader) {
    Owner owner = policy.owner();
    if (owner == null) {
      String writer = policy.writer().isEmpty() ? "" : ", last written by " + policy.writer();
      return new Holding.Foreign("a " + id.kind().word() + writer, Holding.Adoption.FORBIDDEN);
    }
    return owner.equals(reader)
        ? new Holding.Ours()
        : new Holding.Elsewhere("environment " + owner.describedTo(settings.instance()));
  }

  /// Names of the pull Secrets that policies of an environment add to new pods.
  Set<String> addedPullSecrets(String environment) {
    var owner = new Owner(settings.instance(), environment);
    var names = new TreeSet<String>();
    mirror(ResourceKind.DEFAULT_POLICY).map(Mirror::all).orElse(List.of()).stream()
        .filter(policy -> owner.equals(policy.owner()))
        .forEach(policy -> names.addAll(policy.rules().pullSecrets()));
    return names;
  }

  Outcome apply(Change change, Owner owner) {
    return writing(change.id(), owner, context -> writes.apply(change, context));
  }

  Outcome release(ResourceId id, Owner owner) {
    return writing(id, owner, context -> writes.release(id, context));
  }

  private interface Writing {
    Outcome write(PolicyWrites.Context context) throws ApiException;
  }

  private Outcome writing(ResourceId id, Owner owner, Writing writing) {
    Followed each;
    synchronized (lock) {
      each = followed.get(id.kind());
    }
    if (each == null) {
      return Refusals.failed(
          FailureReason.Rejected, "write " + id, "this API server has no such policies", null);
    }
    Mirror<SeenPolicy> mirror = each.follower().mirror();
    mirror.begin(id.scope(), id.name());
    try {
      return writing.write(new PolicyWrites.Context(each.kind(), owner, mirror));
    } catch (ApiException e) {
      return Refusals.of(e);
    } finally {
      mirror.end(id.scope(), id.name(), null);
    }
  }

  String otherWriter(ResourceId id) {
    return mirror(id.kind()).map(mirror -> mirror.otherWriter("", id.name())).orElse("");
  }

  private Optional<Mirror<SeenPolicy>> mirror(ResourceKind kind) {
    synchronized (lock) {
      return Optional.ofNullable(followed.get(kind)).map(each -> each.follower().mirror());
    }
  }

  @Override
  public void close() {
    listener = _ -> {};
    synchronized (lock) {
      closed = true;
      follow(List.of());
    }
  }
}
