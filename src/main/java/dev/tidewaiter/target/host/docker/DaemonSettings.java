package dev.tidewaiter.target.host.docker;

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
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.SharedFile;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Our entries of `insecure-registries` in `daemon.json`, or in the file that `--config-file` of
/// the running dockerd names.
final class DaemonSettings {
  static final String KEY = "insecure-registries";
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

  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    var fields = new TreeMap<String, ObservedField>();
    String missing = "absent";
    HostPath path = changes.state().pathOf(id).orElse(DEFAULT_PATH);
    try {
      Optional<DockerEngine.Running> running = engine.find();
      path = path(id, running);
      SharedFile file = SharedFile.read(changes, path);
      Optional<Set<String>> inForce = inForce(running);
      for (JsonNode element : file.document().tree().path(KEY)) {
        String name = element.asString("");
        boolean ours = file.owns(environment, field(name));
        boolean waits = ours && inForce.isPresent() && !inForce.get().contains(name);
        fields.put(
            field(name),
            new ObservedField(new FieldValue.Plain(waits ? "not in force" : "present"), ours));
      }
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied.
      missing = "unreadable";
    }
    Optional<OwnedFile> record = changes.state().find(path);
    for (String name : record.map(file -> file.fieldsOf(environment)).orElse(Set.of())) {
      fields.putIfAbsent(name, new ObservedField(new FieldValue.Plain(missing), true));
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObservedResource(id, new Holding.Shared(), fields));
  }

  // An engine that does not answer now is no drift.
  private static Optional<Set<String>> inForce(Optional<DockerEngine.Running> running) {
    try {
      return running.isPresent()
          ? Optional.of(running.get().insecureRegistries())
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  static String field(String name) {
    return KEY + "/" + name;
  }

  private HostPath path(ResourceId id, Optional<DockerEngine.Running> running) throws IOException {
    Optional<HostPath> recorded = changes.state().pathOf(id);
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

  Outcome apply(String environment, Change change) throws IOException {
    Optional<DockerEngine.Running> running = engine.find();
    SharedFile file = SharedFile.read(changes, path(change.id(), running));
    Set<String> owned = file.record() == null ? Set.of() : file.record().fieldsOf(environment);
    Edit edit = Edit.of(change, owned);
    if (edit.set().isEmpty() && edit.dropped().isEmpty()) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    if (running.isPresent()) {
      ReloadChecks.require(running.get().flags(), file.document(), changes.files());
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
