package dev.tidewaiter.target.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.Seen.SeenAccount;
import dev.tidewaiter.target.kubernetes.Seen.SeenNamespace;
import dev.tidewaiter.target.kubernetes.Seen.SeenSecret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All that is watched in one cluster: its namespaces, its ServiceAccounts, and the Secrets of each
/// name in use.
final class Watches implements AutoCloseable {
  /// How long a cycle waits for a watch that is not in step.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final int PAGE = 500;

  /// Smaller, because each Secret may have a megabyte.
  private static final int SECRETS_PAGE = 100;

  private final Api api;
  private final String target;
  private final Reading reading;
  private final @Nullable Duration relist;
  private final Follower<SeenNamespace> namespaces;
  private final Follower<SeenAccount> accounts;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, Follower<SeenSecret>> secrets = new HashMap<>();

  @GuardedBy("lock")
  private boolean closed;

  private volatile Consumer<TargetEvent> listener = _ -> {};

  Watches(Api api, String target, Reading reading, @Nullable Duration relist) {
    this.api = api;
    this.target = target;
    this.reading = reading;
    this.relist = relist;
    this.namespaces =
        new Follower<>(
            api,
            new Follower.Collection("namespaces", "api/v1/namespaces?", PAGE),
            Reading::namespace,
            new Mirror<>(this::namespaceChanged),
            relist);
    this.accounts =
        new Follower<>(
            api,
            new Follower.Collection("serviceaccounts", "api/v1/serviceaccounts?", PAGE),
            Reading::account,
            new Mirror<>(this::accountChanged),
            relist);
  }

  void listen(Consumer<TargetEvent> listener) {
    this.listener = listener;
  }

  Mirror<SeenNamespace> namespaces() {
    return namespaces.mirror();
  }

  Mirror<SeenAccount> accounts() {
    return accounts.mirror();
  }

  /// The Secrets of a name, watched from now on if they were not.
  Mirror<SeenSecret> secrets(String name) {
    return follower(name).mirror();
  }

  /// The names whose Secrets are watched.
  Set<String> secretNames() {
    synchronized (lock) {
      return Set.copyOf(secrets.keySet());
    }
  }

  List<SeenSecret> allSecrets(Set<String> names) {
    var all = new ArrayList<SeenSecret>();
    names.forEach(name -> all.addAll(secrets(name).all()));
    return all;
  }

  /// Waits until namespaces and ServiceAccounts are in step.
  void await() throws TargetException {
    await(System.nanoTime() + PATIENCE.toNanos());
  }

  private void await(long deadline) throws TargetException {
    namespaces.await(target, deadline);
    accounts.await(target, deadline);
  }

  /// Waits until namespaces, ServiceAccounts, and the Secrets of those of these names that we may
  /// look at are in step.
  ///
  /// @return these; what is known of the Secrets of the others must not be believed
  /// @throws TargetException if that is not so in time, or we may not look at anything
  Set<String> awaitAllowed(Set<String> names) throws TargetException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    await(deadline);
    var allowed = new TreeSet<String>();
    for (String name : names) {
      Follower<SeenSecret> follower = follower(name);
      try {
        follower.await(target, deadline);
        allowed.add(name);
      } catch (TargetException e) {
        if (!follower.isDenied()) {
          throw e;
        }
      }
    }
    return allowed;
  }

  /// Whether we may not look at the Secrets of a name, as opposed to not now.
  boolean isDenied(String name) {
    return follower(name).isDenied();
  }

  /// Waits for the Secrets of these names where waiting helps.
  ///
  /// @return the names whose Secrets are not known now: we may not see them any more, or the API
  ///   server cannot read one of them
  Set<String> unknown(Set<String> names) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    var unknown = new TreeSet<String>();
    for (String name : names) {
      if (!follower(name).awaitUnlessFailed(deadline)) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  /// Whether what is kept of the Secrets of a name may be believed now.
  boolean isInStep(String name) {
    return follower(name).isInStep();
  }

  /// Ends the watches of Secrets of all other names.
  void keepOnly(Set<String> names) {
    synchronized (lock) {
      for (String name : List.copyOf(secrets.keySet())) {
        Follower<SeenSecret> follower = names.contains(name) ? null : secrets.remove(name);
        if (follower != null) {
          follower.close();
        }
      }
    }
  }

  boolean isTerminating(String namespace) {
    return namespaces().find("", namespace).map(SeenNamespace::terminating).orElse(false);
  }

  /// The selector on `metadata.name` is what RBAC's `resourceNames` can authorise for list and
  /// watch.
  ///
  /// Source: [RBAC, referring to
  /// resources](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources).
  private Follower<SeenSecret> follower(String name) {
    synchronized (lock) {
      Follower<SeenSecret> follower = secrets.computeIfAbsent(name, this::follow);
      if (closed) {
        follower.close();
      }
      return follower;
    }
  }

  private Follower<SeenSecret> follow(String name) {
    return new Follower<>(
        api,
        new Follower.Collection(
            "secrets named " + name,
            "api/v1/secrets?fieldSelector=metadata.name%3D" + Call.encode(name),
            SECRETS_PAGE),
        reading::secret,
        new Mirror<>(this::secretChanged),
        relist);
  }

  private void namespaceChanged(@Nullable SeenNamespace before, @Nullable SeenNamespace after) {
    if (after != null) {
      String reason = before == null ? "namespace appeared" : "namespace changed";
      listener.accept(new TargetEvent(after.identity().name(), reason));
    }
  }

  private void accountChanged(@Nullable SeenAccount before, @Nullable SeenAccount after) {
    if (after != null) {
      String reason = before == null ? "ServiceAccount appeared" : "ServiceAccount changed";
      listener.accept(new TargetEvent(after.identity().namespace(), reason));
    }
  }

  private void secretChanged(@Nullable SeenSecret before, @Nullable SeenSecret after) {
    SeenSecret either = after == null ? before : after;
    if (either != null) {
      String reason = after == null ? "Secret deleted" : "Secret changed";
      listener.accept(new TargetEvent(either.identity().namespace(), reason));
    }
  }

  @Override
  public void close() {
    listener = _ -> {};
    synchronized (lock) {
      closed = true;
    }
    namespaces.close();
    accounts.close();
    keepOnly(Set.of());
  }
}
