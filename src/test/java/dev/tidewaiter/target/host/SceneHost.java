package dev.tidewaiter.target.host;

import dev.tidewaiter.model.Phase;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Planner;
import dev.tidewaiter.plan.Restraint;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.host.FailingFiles.Trouble;
import dev.tidewaiter.target.host.HostScene.Wishes;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A directory that looks like the host of a scene, and cycles on it as the daemon runs them.
record SceneHost(HostScene scene, Path root, Path state, Sealer sealer) {
  private static final String ENVIRONMENT = "production";
  private static final Restraint NONE =
      new Restraint(Restraint.Freeze.NOTHING, 1000, 100, null, "scope", false);

  static SceneHost create(HostScene scene, Path directory) throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    for (var file : scene.files().entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    Path state = directory.resolve("state");
    StateStore _ = StateStore.in(state);
    return new SceneHost(scene, root, state, Sealer.withRandomKey());
  }

  private FileChanges files(Trouble trouble) {
    return files(new LocalFiles(root), trouble);
  }

  private FileChanges files(LocalFiles files, Trouble trouble) {
    return new FileChanges(
        new FailingFiles(files, trouble),
        new StateStore(new FailingFiles(new LocalFiles(state), trouble)));
  }

  HostState record() throws IOException {
    return files(Trouble.none()).state();
  }

  HostTarget target(Trouble trouble) {
    return target(files(trouble));
  }

  private HostTarget target(FileChanges changes) {
    var identity = new HostTarget.Identity("test", root, Map.of());
    return new HostTarget(identity, changes, List.of(scene.runtime().open(changes, sealer, root)));
  }

  /// What one cycle plans and does.
  ///
  /// @param outcomes of the plan's changes; empty if nothing could be observed
  record Cycle(List<Change> changes, List<Outcome> outcomes) {
    boolean isDone() {
      return outcomes.size() == changes.size()
          && outcomes.stream().noneMatch(Outcome.Failed.class::isInstance);
    }
  }

  /// Nothing that is allowed goes while the denial of all else could not be taken back: the rule of
  /// the loop that carries plans out.
  Cycle cycle(Wishes wishes, Trouble trouble) throws TargetException {
    return cycle(wishes, target(trouble));
  }

  /// As [#cycle(Wishes, Trouble)], with files that are reached in another way.
  Cycle cycle(Wishes wishes, LocalFiles files) throws TargetException {
    return cycle(wishes, target(files(files, Trouble.none())));
  }

  private Cycle cycle(Wishes wishes, HostTarget target) throws TargetException {
    var resources = wishes.resources(sealer);
    var ids = resources.stream().map(resource -> resource.id()).collect(Collectors.toSet());
    Plan plan = Planner.plan(resources, Observing.all(target, ENVIRONMENT, ids), NONE);
    var outcomes = new ArrayList<Outcome>();
    boolean denies = false;
    for (Change change : plan.changes()) {
      if (denies && change.isWithdrawal() && change.phase() != Phase.DENY) {
        continue;
      }
      Outcome outcome = target.apply(ENVIRONMENT, change, wishes::payload);
      outcomes.add(outcome);
      denies |=
          outcome instanceof Outcome.Failed
              && change.isWithdrawal()
              && change.phase() == Phase.DENY;
    }
    return new Cycle(plan.changes(), outcomes);
  }

  /// A cycle in which something may fail.
  void disturbed(Wishes wishes, Trouble trouble) {
    try {
      Cycle _ = cycle(wishes, trouble);
    } catch (TargetException _) {
      // Then nothing was planned.
    }
  }

  /// Cycles until there is nothing more to do.
  ///
  /// @throws AssertionError if that is not after the second
  void converge(Wishes wishes) throws TargetException {
    Cycle first = cycle(wishes, Trouble.none());
    Cycle second = cycle(wishes, Trouble.none());
    if (!first.isDone() || !second.changes().isEmpty()) {
      throw new AssertionError(scene.name() + ": " + first + ", then " + second);
    }
  }

  Set<String> environments() throws TargetException {
    return target(Trouble.none()).environments();
  }

  /// Every file and directory below the root, with its mode and content.
  Map<String, String> tree() throws IOException {
    var tree = new TreeMap<String, String>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        tree.put(
            root.relativize(path).toString(),
            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
                + (file ? Files.readString(path) : ""));
      }
    }
    return tree;
  }
}
