package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.Edit;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.ManagedFiles;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.SharedFile;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Our entries of the lists in `daemon.json`, or in the file that `--config-file` of the running
/// dockerd names. Each list is a resource of its own.
final class DaemonSettings implements ManagedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(DaemonSettings.class);
  private static final HostPath DEFAULT_PATH = new HostPath("etc/docker/daemon.json");

  private final FileChanges changes;
  private final DockerEngine engine;
  private final Reloads reloads;

  DaemonSettings(FileChanges changes, DockerEngine engine, Reloads reloads) {
    this.changes = changes;
    this.engine = engine;
    this.reloads = reloads;
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    DaemonKey key = DaemonKey.of(id.kind());
    var fields = new TreeMap<String, ObservedField>();
    String missing = "absent";
    HostPath path = recorded(id).orElse(DEFAULT_PATH);
    try {
      Optional<DockerEngine.Running> running = engine.find();
      path = path(id, running);
      SharedFile file = SharedFile.read(changes, path);
      Optional<Set<String>> inForce = inForce(key, running);
      for (JsonNode element : file.document().tree().path(key.key())) {
        String name = element.asString("");
        boolean ours = file.owns(environment, key.field(name));
        boolean waits = ours && inForce.isPresent() && !inForce.get().contains(key.shown(name));
        fields.put(
            key.field(name),
            new ObservedField(new FieldValue.Plain(waits ? "not in force" : "present"), ours));
      }
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied.
      missing = "unreadable";
    }
    Optional<OwnedFile> record = changes.state().find(path);
    for (String name : owned(environment, key, record.orElse(null))) {
      fields.putIfAbsent(name, new ObservedField(new FieldValue.Plain(missing), true));
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObservedResource(id, new Holding.Shared(), fields));
  }

  // An engine that does not answer now is no drift.
  private static Optional<Set<String>> inForce(
      DaemonKey key, Optional<DockerEngine.Running> running) {
    try {
      return running.isPresent()
          ? Optional.of(key.inForce(running.get().info()))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Set<String> owned(String environment, DaemonKey key, @Nullable OwnedFile record) {
    return record == null
        ? Set.of()
        : record.fieldsOf(environment).stream().filter(key::has).collect(Collectors.toSet());
  }

  // Where any of the lists is recorded: they are in one file.
  private Optional<HostPath> recorded(ResourceId id) throws IOException {
    for (DaemonKey key : DaemonKey.values()) {
      Optional<HostPath> path =
          changes.state().pathOf(new ResourceId(key.kind(), id.scope(), id.name()));
      if (path.isPresent()) {
        return path;
      }
    }
    return Optional.empty();
  }

  private HostPath path(ResourceId id, Optional<DockerEngine.Running> running) throws IOException {
    Optional<HostPath> recorded = recorded(id);
    if (recorded.isPresent() || running.isEmpty()) {
      return recorded.orElse(DEFAULT_PATH);
    }
    Optional<String> flag = running.get().flags().find("config-file");
    if (flag.isPresent() && !flag.get().startsWith("/")) {
      throw HostFileException.unsafe(
          flag.get() + ": dockerd was started with this relative --config-file.");
    }
    return flag.isPresent() ? changes.files().resolve(flag.get()) : DEFAULT_PATH;
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    Optional<DockerEngine.Running> running = engine.find();
    SharedFile file = SharedFile.read(changes, path(change.id(), running));
    DaemonKey key = DaemonKey.of(change.id().kind());
    Edit edit = Edit.of(change, owned(environment, key, file.record()));
    if (edit.set().isEmpty() && edit.dropped().isEmpty()) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    if (running.isPresent()) {
      ReloadChecks.require(running.get().flags(), file.document(), changes.files());
    }
    Optional<EngineInfo> info =
        running.isPresent() ? Optional.of(running.get().info()) : Optional.empty();
    for (String field : edit.set()) {
      key.require(SharedFile.nameOf(field), info);
    }
    if (running.isEmpty() && !engine.equals(DockerEngine.NONE)) {
      LOG.atInfo()
          .setMessage("dockerd does not run, what is written takes effect when it starts")
          .addKeyValue("file", file.path())
          .log();
    }
    var intended = new SettingsChange(environment, change.id(), file, edit);
    return running.isPresent()
        ? intended.apply(changes, running.get(), reloads)
        : intended.apply(changes);
  }
}
