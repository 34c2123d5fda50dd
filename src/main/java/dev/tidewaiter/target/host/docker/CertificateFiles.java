package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Files below `certs.d`: `ca.crt`, `client.cert` and `client.key`, each wholly ours or not
/// touched.
///
/// dockerd reads them for each connection, so nothing is reloaded. It refuses every pull from a
/// registry whose directory has a certificate without its key, or the reverse; neither is therefore
/// written while the other is neither there nor known.
///
/// Source: [client certificates](https://docs.docker.com/engine/security/certificates/).
final class CertificateFiles {
  private static final String CONTENT = "content";
  private static final String MODE = "mode";
  private static final String CERTIFICATE = "client.cert";
  private static final String KEY = "client.key";
  private static final Ownership DIRECTORIES = Ownership.ofMode("0755");

  private final FileChanges changes;
  private final Sealer sealer;

  CertificateFiles(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.sealer = sealer;
  }

  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    var path = new HostPath(id.name());
    Optional<OwnedFile> record = changes.state().find(path);
    boolean ours = record.isPresent() && record.get().owners().containsValue(environment);
    var fields = new TreeMap<String, ObservedField>();
    try {
      Optional<HostFile> file = changes.read(path);
      if (file.isPresent()) {
        fields.put(CONTENT, new ObservedField(value(id, file.get()), ours));
        fields.put(MODE, new ObservedField(plain(file.get().ownership().mode()), ours));
      } else {
        record.ifPresent(_ -> fields.put(CONTENT, new ObservedField(plain("absent"), ours)));
      }
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied, for this resource alone.
      record.ifPresent(_ -> fields.put(CONTENT, new ObservedField(plain("unreadable"), ours)));
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObservedResource(id, holding(environment, record), fields));
  }

  private static Holding holding(String environment, Optional<OwnedFile> record) {
    if (record.isEmpty()) {
      return new Holding.Foreign("a file that somebody else wrote", Holding.Adoption.FORBIDDEN);
    }
    String owner = record.get().owners().get(CONTENT);
    return environment.equals(owner)
        ? new Holding.Ours()
        : new Holding.Elsewhere("environment " + owner);
  }

  private FieldValue value(ResourceId id, HostFile file) {
    return id.name().endsWith("/" + KEY)
        ? new FieldValue.Sealed(sealer.seal(id, CONTENT, Secret.of(text(file.content()))))
        : plain(file.digest());
  }

  private static FieldValue plain(String text) {
    return new FieldValue.Plain(text);
  }

  private static String text(FileContent content) {
    return new String(content.bytes(), StandardCharsets.UTF_8);
  }

  Outcome apply(String environment, Change change, Compiled.Payloads payloads) throws IOException {
    var path = new HostPath(change.id().name());
    HostFile seen = changes.read(path).orElse(null);
    OwnedFile record = changes.state().find(path).orElse(null);
    requireOurs(environment, path, seen, record);
    if (change instanceof Change.Prune) {
      if (record == null) {
        return new Outcome.Unchanged("nothing of it is ours");
      }
      changes.restore(path, seen, null);
      return new Outcome.Applied();
    }
    FileContent content = content(change.id(), payloads, seen);
    if (content == null) {
      return new Outcome.Unchanged("its content is not known");
    }
    requireCounterpart(path, payloads, change.id());
    CertificateFormat.require(path, content);
    String mode = mode(change, record);
    changes.write(
        new FileChanges.Write(path, seen, content, Ownership.ofMode(mode), DIRECTORIES),
        record(environment, change.id(), mode, record));
    return new Outcome.Applied();
  }

  private static OwnedFile record(
      String environment, ResourceId id, String mode, @Nullable OwnedFile known) {
    var owners = new TreeMap<String, String>();
    owners.put(CONTENT, environment);
    return new OwnedFile(id, owners, mode, known == null ? Set.of() : known.digests(), null);
  }

  private static void requireOurs(
      String environment, HostPath path, @Nullable HostFile seen, @Nullable OwnedFile record)
      throws HostFileException {
    if (record == null && seen != null) {
      throw HostFileException.conflict(
          path + ": somebody else wrote it. Remove it to hand its place over.");
    }
    if (record != null && !record.owners().containsValue(environment)) {
      throw HostFileException.conflict(path + ": it belongs to another environment.");
    }
  }

  private static @Nullable FileContent content(
      ResourceId id, Compiled.Payloads payloads, @Nullable HostFile seen) {
    return switch (payloads.find(id, CONTENT)) {
      case Payload.Text(Secret text) ->
          FileContent.of(text.reveal().getBytes(StandardCharsets.UTF_8));
      case Payload.Auth _ -> throw new IllegalStateException("a credential for a file: " + id);
      case null -> seen == null ? null : seen.content();
    };
  }

  private void requireCounterpart(HostPath path, Compiled.Payloads payloads, ResourceId id)
      throws IOException {
    String other =
        switch (path.name()) {
          case CERTIFICATE -> KEY;
          case KEY -> CERTIFICATE;
          default -> "";
        };
    if (other.isEmpty()) {
      return;
    }
    HostPath counterpart = path.parent().child(other);
    var otherId = new ResourceId(id.kind(), id.scope(), counterpart.text());
    if (payloads.find(otherId, CONTENT) == null && changes.read(counterpart).isEmpty()) {
      throw HostFileException.unsafe(
          path + ": " + other + " is not known, and dockerd refuses one without the other.");
    }
  }

  private static String mode(Change change, @Nullable OwnedFile record) {
    FieldValue value =
        switch (change) {
          case Change.Create create -> create.fields().get(MODE);
          case Change.Update update ->
              switch (update.fields().get(MODE)) {
                case FieldChange.Added(FieldValue after) -> after;
                case FieldChange.Replaced(_, FieldValue after) -> after;
                case FieldChange.Dropped _ -> null;
                case null -> null;
              };
          case Change.Prune _ -> null;
        };
    if (value instanceof FieldValue.Plain(String text)) {
      return text;
    }
    return record == null ? "0600" : record.mode();
  }
}
