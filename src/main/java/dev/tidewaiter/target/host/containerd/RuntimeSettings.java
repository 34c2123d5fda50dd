package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.Edit;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.ManagedFiles;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `config_path` in containerd's own settings: written only where the host's administrator lets us,
/// and only where nothing is set. It counts from the next start of containerd, which is theirs.
final class RuntimeSettings implements ManagedFiles {
  private static final String DIRECTORY = Containerd.DIRECTORY.toString();
  private static final String FIELD = "config_path";
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeSettings.class);

  private final FileChanges changes;
  private final Containerd containerd;
  private final SettingsPermission permission;

  RuntimeSettings(FileChanges changes, Containerd containerd, SettingsPermission permission) {
    this.changes = changes;
    this.containerd = containerd;
    this.permission = permission;
  }

  /// A `config_path` that somebody else set is as good as ours, wherever it points to.
  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    Optional<HostPath> recorded = changes.state().pathOf(id);
    Optional<OwnedFile> record =
        recorded.isPresent() ? changes.state().find(recorded.get()) : Optional.empty();
    boolean ours = record.isPresent() && record.get().owners().containsValue(environment);
    String value = ours ? "absent" : "";
    try {
      value = isSet(path(id)) ? DIRECTORY : value;
    } catch (IOException _) {
      // Told when the change that follows from this is applied.
      value = ours ? "unreadable" : "";
    }
    var fields = new TreeMap<>(Map.of(FIELD, new ObservedField(new FieldValue.Plain(value), ours)));
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObservedResource(id, new Holding.Shared(), fields));
  }

  private boolean isSet(HostPath path) throws IOException {
    Optional<SettingsText> file = read(path);
    if (file.isPresent() && !file.get().configPath().isEmpty()) {
      return true;
    }
    Optional<Containerd.Program> program = containerd.find();
    return program.isPresent()
        && !program.get().dump(null).directories(program.get().version()).isEmpty();
  }

  /// The file that we wrote; else the one that the running containerd read, as far as one runs.
  HostPath path(ResourceId id) throws IOException {
    Optional<HostPath> recorded = changes.state().pathOf(id);
    if (recorded.isPresent()) {
      return recorded.get();
    }
    Optional<Containerd.Program> program = containerd.find();
    return program.isEmpty()
        ? Containerd.SETTINGS
        : changes.files().resolve(program.get().settings().toString());
  }

  private Optional<SettingsText> read(HostPath path) throws IOException {
    Optional<HostFile> file = changes.read(path);
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(SettingsText.parse(path, text(file.get().content())));
  }

  private static String text(FileContent content) {
    return new String(content.bytes(), StandardCharsets.UTF_8);
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    HostPath path = path(change.id());
    OwnedFile record = changes.state().find(path).orElse(null);
    Edit edit = Edit.of(change, record == null ? Set.of() : record.fieldsOf(environment));
    if (edit.set().contains(FIELD)) {
      return set(environment, change.id(), path, record);
    }
    return record == null || edit.dropped().isEmpty()
        ? new Outcome.Unchanged("nothing of it is ours")
        : withdraw(path, record);
  }

  private Outcome set(String environment, ResourceId id, HostPath path, @Nullable OwnedFile record)
      throws IOException {
    HostFile seen = changes.read(path).orElse(null);
    if (isSet(path) && record == null) {
      return new Outcome.Unchanged("somebody else set it");
    }
    if (permission != SettingsPermission.SET) {
      throw HostFileException.unsafe(
          path
              + ": it is left to its administrator. Say `host: {containerd: {configPath: Set}}` in"
              + " the daemon's own configuration to have it written.");
    }
    Optional<Containerd.Program> program = containerd.find();
    SettingsText now = current(path, seen, program);
    SettingsText next = now.with(DIRECTORY);
    FileContent content = FileContent.of(next.text().getBytes(StandardCharsets.UTF_8));
    Ownership ownership = seen == null ? Ownership.ofMode("0644") : seen.ownership();
    if (program.isPresent()) {
      require(program.get(), path, content, ownership);
    }
    changes.write(
        new FileChanges.Write(path, seen, content, ownership, Ownership.ofMode("0755")),
        new OwnedFile(
            id,
            new TreeMap<>(Map.of(FIELD, environment)),
            ownership.mode(),
            record == null ? Set.of() : record.digests(),
            before(record, seen)));
    LOG.atInfo()
        .setMessage("containerd looks for host directories from its next start")
        .addKeyValue("file", path)
        .log();
    return new Outcome.Applied();
  }

  private SettingsText current(
      HostPath path, @Nullable HostFile seen, Optional<Containerd.Program> program)
      throws IOException {
    if (seen != null) {
      return SettingsText.parse(path, text(seen.content()));
    }
    if (program.isEmpty()) {
      throw HostFileException.unsafe(
          path + ": there is none, and no containerd can be asked for the form of one.");
    }
    return SettingsText.create(path, program.get().version());
  }

  private static @Nullable FileContent before(@Nullable OwnedFile record, @Nullable HostFile seen) {
    if (record != null && (seen == null || record.left(seen))) {
      return record.before();
    }
    return seen == null ? null : seen.content();
  }

  // containerd itself reads it, beside the file, so that relative imports are found.
  private void require(
      Containerd.Program program, HostPath path, FileContent content, Ownership ownership)
      throws IOException {
    EffectiveSettings now = program.dump(null);
    if (now.isCriDisabled()) {
      throw HostFileException.unsafe(
          path + ": it disables the CRI plugin, which alone reads config_path.");
    }
    if (now.hasMirrors()) {
      throw HostFileException.unsafe(
          path
              + ": `mirrors` or `configs` with `tls` is set, and containerd does not start with"
              + " `config_path` beside them. Declare those mirrors here instead, and remove both.");
    }
    if (!changes.files().isDirectory(path.parent())) {
      return;
    }
    try {
      changes.files().writeTemporary(path, content, ownership);
      EffectiveSettings then = program.dump(Path.of(path.temporary().toString()));
      if (!then.configPath().equals(DIRECTORY) || !then.rest().equals(now.rest())) {
        throw HostFileException.unsafe(
            path
                + ": containerd would not take config_path from it, or other settings with it: an"
                + " imported file may say otherwise. Set it there.");
      }
    } finally {
      changes.files().delete(path.temporary());
    }
  }

  private Outcome withdraw(HostPath path, OwnedFile record) throws IOException {
    HostFile seen = changes.read(path).orElse(null);
    FileContent before = record.before();
    if (seen != null && !record.left(seen)) {
      SettingsText rest = SettingsText.parse(path, text(seen.content())).without(DIRECTORY);
      before = FileContent.of(rest.text().getBytes(StandardCharsets.UTF_8));
    }
    changes.restore(path, seen, before);
    return new Outcome.Applied();
  }
}
