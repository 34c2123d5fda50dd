package dev.tidewaiter.target.host;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.StillNamed;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The machine, or a directory that looks like one: its runtimes' files, and the record of what is
/// ours in them.
public final class HostTarget implements Target {
  /// So often runtimes are asked what their daemons show: drift of a daemon is seen within a
  /// minute.
  private static final Duration ASKED_EVERY = Duration.ofSeconds(30);

  private final Identity identity;
  private final FileChanges changes;
  private final List<HostRuntime> runtimes;
  private final GoverningRuntimes governing;
  private final Duration interval;
  private final HostWork work;
  private volatile @Nullable HostWatch fileWatch;
  private volatile @Nullable DaemonWatch daemonWatch;

  /// Which host it is.
  ///
  /// @param hostname unique among the hosts of a repository
  /// @param root where its file system begins
  /// @param labels what declarations select by
  public record Identity(String hostname, Path root, Map<String, String> labels) {
    public Identity {
      labels = Map.copyOf(labels);
    }
  }

  public HostTarget(Identity identity, FileChanges changes, List<HostRuntime> runtimes) {
    this(identity, changes, runtimes, ASKED_EVERY);
  }

  /// @param interval how often runtimes are asked what their daemons show
  HostTarget(
      Identity identity, FileChanges changes, List<HostRuntime> runtimes, Duration interval) {
    this.identity = identity;
    this.changes = changes;
    this.runtimes = List.copyOf(runtimes);
    this.governing = new GoverningRuntimes(changes, this.runtimes);
    this.interval = interval;
    this.work = new HostWork(name());
  }

  @Override
  public String name() {
    return "host/" + identity.hostname();
  }

  @Override
  public Surroundings surroundings() throws TargetException {
    return work.read(
        "its users and runtimes",
        () -> {
          var found = new ArrayList<RuntimeFacts>();
          var unknown = new TreeMap<String, String>();
          for (HostRuntime runtime : runtimes) {
            try {
              runtime.facts().ifPresent(found::add);
            } catch (IOException e) {
              unknown.put(runtime.name(), HostFileException.describe(e));
            }
          }
          var homes = new TreeMap<String, String>();
          HostUsers.load(changes.files()).forEach((name, user) -> homes.put(name, user.home()));
          return new Surroundings.Host(
              identity.labels(),
              found,
              homes,
              List.copyOf(changes.state().environments()),
              unknown);
        });
  }

  /// Nothing to do: each change records its own intent.
  @Override
  public void prepare(String environment, Set<ResourceId> desired) {}

  @Override
  public List<ObservedResource> observe(
      String environment, Set<ResourceId> desired, BiConsumer<String, String> denied)
      throws TargetException {
    return work.read(
        "its files",
        () -> {
          var ids = new TreeSet<>(desired);
          for (OwnedFile file : changes.state().files().values()) {
            ids.addAll(file.idsOf(environment));
          }
          var observed = new ArrayList<ObservedResource>();
          for (ResourceId id : ids) {
            Optional<HostRuntime> runtime = find(id);
            if (runtime.isPresent()) {
              runtime.get().observe(environment, id).ifPresent(observed::add);
            }
          }
          return observed;
        });
  }

  @Override
  public StillNamed lingering(String environment, Set<ResourceId> candidates) {
    return StillNamed.NONE;
  }

  @Override
  public void retire(String environment, Set<ResourceId> lingering) {}

  @Override
  public List<Workload> workloads(Set<String> namespaces) {
    return List.of();
  }

  @Override
  public Proof prove(String environment, Regime regime) {
    return work.show(() -> governing.prove(environment, regime), failed -> failed);
  }

  @Override
  public Optional<Proof.Inconclusive> weakened(String environment, Regime regime) {
    return work.show(() -> governing.weakened(environment, regime), Optional::of);
  }

  @Override
  public Set<String> environments() throws TargetException {
    return work.read("its state file", () -> changes.state().environments());
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads) {
    return work.change(
        change.id(),
        () -> {
          Optional<HostRuntime> runtime = find(change.id());
          return runtime.isPresent()
              ? runtime.get().apply(environment, change, payloads)
              : new Outcome.Failed(
                  FailureReason.Rejected,
                  change.id() + ": this host has no runtime " + change.id().scope() + ".",
                  null);
        });
  }

  @Override
  public Outcome release(String environment, ResourceId id) {
    return work.change(
        id,
        () -> {
          var released = new HashSet<HostPath>();
          for (var entry : changes.state().files().entrySet()) {
            OwnedFile file = entry.getValue();
            if (file.idsOf(environment).contains(id)) {
              release(environment, id, entry.getKey(), file);
              released.add(entry.getKey());
            }
          }
          return released.isEmpty()
              ? new Outcome.Unchanged("nothing of it is ours")
              : new Outcome.Applied();
        });
  }

  private void release(String environment, ResourceId id, HostPath path, OwnedFile file)
      throws IOException {
    var others = new TreeMap<>(file.owners());
    others
        .entrySet()
        .removeIf(
            owner -> owner.getValue().equals(environment) && file.idOf(owner.getKey()).equals(id));
    if (others.isEmpty()) {
      changes.forget(path);
    } else {
      // Without digests, because the bytes from before us lack what stays from now on.
      changes.record(path, file.withOwners(others).withDigests(Set.of()));
    }
  }

  /// Watches the directories of its runtimes, and asks their daemons from time to time.
  @Override
  public void watch(Consumer<TargetEvent> listener) {
    var watched = new WatchedDirectories(identity.root(), this::directories);
    fileWatch = HostWatch.start(watched, listener);
    daemonWatch = DaemonWatch.start(runtimes, interval, listener);
  }

  private Map<HostPath, String> directories() throws IOException {
    var directories = new TreeMap<HostPath, String>();
    for (HostRuntime runtime : runtimes) {
      for (HostPath directory : runtime.directories()) {
        directories.put(directory, runtime.name());
      }
    }
    return directories;
  }

  @Override
  public void close() {
    HostWatch files = fileWatch;
    if (files != null) {
      files.close();
    }
    DaemonWatch daemons = daemonWatch;
    if (daemons != null) {
      daemons.close();
    }
  }

  private Optional<HostRuntime> find(ResourceId id) {
    return runtimes.stream().filter(runtime -> runtime.name().equals(id.scope())).findFirst();
  }
}
