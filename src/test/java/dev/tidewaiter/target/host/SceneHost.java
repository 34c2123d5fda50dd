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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlMapper;

/// A directory that looks like the host of a scene, and cycles on it as the daemon runs them.
record SceneHost(HostScene scene, Path root, Path state, Sealer sealer) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TomlMapper TOML = new TomlMapper();
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

  HostTarget target(Trouble trouble) {
    var changes =
        new FileChanges(
            new FailingFiles(new LocalFiles(root), trouble),
            new StateStore(new FailingFiles(new LocalFiles(state), trouble)));
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
    HostTarget target = target(trouble);
    var resources = wishes.resources(sealer);
    var ids = resources.stream().map(resource -> resource.id()).collect(Collectors.toSet());
    Plan plan = Planner.plan(resources, target.observe(ENVIRONMENT, ids), NONE);
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

  /// Everything below the root in its smallest parts, by path: a file or directory, with its mode,
  /// and of JSON each entry of each array or object.
  ///
  /// @throws tools.jackson.core.JacksonException if a file does not parse
  Map<String, String> parts() throws IOException {
    var parts = new TreeMap<String, String>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        String name = root.relativize(path).toString();
        boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        String text = file ? Files.readString(path) : "";
        String mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).toString();
        if (name.endsWith(".json")) {
          parts.put(name, mode);
          JSON.readTree(text)
              .forEachEntry((key, value) -> addParts(parts, name + "/" + key, value));
        } else if (name.endsWith(".toml") || name.endsWith(".conf")) {
          parts.put(name, mode);
          JsonNode _ = TOML.readTree(text);
        } else {
          parts.put(name, mode + text);
        }
      }
    }
    return parts;
  }

  private static void addParts(Map<String, String> parts, String name, JsonNode node) {
    boolean leaf = node.isValueNode() || node.valueStream().anyMatch(JsonNode::isValueNode);
    if (node.isArray() && leaf) {
      node.forEach(value -> parts.put(name + "/" + value, "present"));
    } else if (node.isArray() || leaf) {
      parts.put(name, node.toString());
    } else {
      node.forEachEntry((key, value) -> addParts(parts, name + "/" + key, value));
    }
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
