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
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Files below `certs.d`: `ca.crt`, `client.cert` and `client.key`, each wholly ours or not
/// touched.
///
/// dockerd reads them for each connection, so nothing is reloaded. It refuses every pull from a
/// registry whose directory has a client certificate without its key, or the reverse, or two that
/// do not belong together; so these two come, change and go with each other, and only as a pair.
///
/// A crash can still leave one without the other, if it falls between the two renames. No order and
/// no naming avoids that: dockerd pairs `NAME.cert` with `NAME.key` and takes either alone for an
/// error, and a rename moves one name. (Exchanging the whole directory would, with
/// `RENAME_EXCHANGE` of renameat2(2). The JDK has no such call, not every file system knows it, and
/// files of others in the directory would have to move too.) So both are prepared on disk first,
/// the renames follow each other with nothing between them but the sync of the directory, and the
/// next start finishes. The key comes first and goes last, because a key alone is what the
/// containerd image store forgives.
///
/// Source: [client certificates](https://docs.docker.com/engine/security/certificates/), and
/// `ReadCertsDirectory` in moby `registry/registry.go`.
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
    Place place = place(change.id());
    requireOurs(environment, place);
    return change instanceof Change.Prune
        ? remove(environment, place)
        : write(environment, change, place, payloads);
  }

  private Outcome remove(String environment, Place place) throws IOException {
    if (place.record() == null) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    var paths = new ArrayList<HostPath>();
    paths.add(place.path());
    Place other = counterpart(place);
    if (other != null && other.isOf(environment)) {
      paths.add(place.isKey() ? 0 : 1, other.path());
    }
    changes.remove(paths);
    return new Outcome.Applied();
  }

  private Outcome write(String environment, Change change, Place place, Compiled.Payloads payloads)
      throws IOException {
    FileContent content = content(place, payloads);
    if (content == null) {
      return new Outcome.Unchanged("its content is not known");
    }
    CertificateFormat.require(place.path(), content);
    var parts = new ArrayList<FileChanges.Part>();
    parts.add(part(environment, place, content, mode(change, place)));
    Place other = counterpart(place);
    if (other != null) {
      FileContent otherContent =
          other.isFree(environment) ? content(other, payloads) : other.content();
      requirePair(place, content, other, otherContent);
      if (otherContent != null && other.isFree(environment)) {
        String mode = other.isKey() ? "0600" : "0644";
        parts.add(place.isKey() ? 1 : 0, part(environment, other, otherContent, mode));
      }
    }
    changes.write(parts);
    return new Outcome.Applied();
  }

  private static void requirePair(
      Place place, FileContent content, Place other, @Nullable FileContent otherContent)
      throws HostFileException {
    if (otherContent == null) {
      throw HostFileException.unsafe(
          place.path()
              + ": "
              + other.path().name()
              + " is not known, and dockerd refuses one without the other.");
    }
    CertificateFormat.require(other.path(), otherContent);
    if (place.isKey()) {
      ClientPair.require(other.path(), otherContent, content);
    } else {
      ClientPair.require(place.path(), content, otherContent);
    }
  }

  private static FileChanges.Part part(
      String environment, Place place, FileContent content, String mode) {
    var owners = new TreeMap<String, String>();
    owners.put(CONTENT, environment);
    OwnedFile known = place.record();
    return new FileChanges.Part(
        new FileChanges.Write(
            place.path(), place.seen(), content, Ownership.ofMode(mode), DIRECTORIES),
        new OwnedFile(place.id(), owners, mode, known == null ? Set.of() : known.digests(), null));
  }

  /// One of the files, as it stands now.
  private record Place(
      ResourceId id, HostPath path, @Nullable HostFile seen, @Nullable OwnedFile record) {
    boolean isKey() {
      return path.name().equals(KEY);
    }

    /// Whether we may write it.
    boolean isFree(String environment) {
      return (seen == null && record == null) || isOf(environment);
    }

    boolean isOf(String environment) {
      return record != null && record.owners().containsValue(environment);
    }

    @Nullable FileContent content() {
      return seen == null ? null : seen.content();
    }
  }

  private Place place(ResourceId id) throws IOException {
    var path = new HostPath(id.name());
    return new Place(
        id, path, changes.read(path).orElse(null), changes.state().find(path).orElse(null));
  }

  /// @return null for a CA
  private @Nullable Place counterpart(Place place) throws IOException {
    String other =
        switch (place.path().name()) {
          case CERTIFICATE -> KEY;
          case KEY -> CERTIFICATE;
          default -> "";
        };
    ResourceId id = place.id();
    return other.isEmpty()
        ? null
        : place(new ResourceId(id.kind(), id.scope(), place.path().parent().child(other).text()));
  }

  private static void requireOurs(String environment, Place place) throws HostFileException {
    if (place.record() == null && place.seen() != null) {
      throw HostFileException.conflict(
          place.path() + ": somebody else wrote it. Remove it to hand its place over.");
    }
    if (place.record() != null && !place.isOf(environment)) {
      throw HostFileException.conflict(place.path() + ": it belongs to another environment.");
    }
  }

  private static @Nullable FileContent content(Place place, Compiled.Payloads payloads) {
    return switch (payloads.find(place.id(), CONTENT)) {
      case Payload.Text(Secret text) ->
          FileContent.of(text.reveal().getBytes(StandardCharsets.UTF_8));
      case Payload.Auth _ ->
          throw new IllegalStateException("a credential for a file: " + place.id());
      case null -> place.content();
    };
  }

  private static String mode(Change change, Place place) {
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
    return place.record() == null ? "0600" : place.record().mode();
  }
}
