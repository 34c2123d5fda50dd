package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.ManagedFiles;
import dev.tidewaiter.target.host.OwnedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Files below `certs.d`: `ca.crt`, `client.cert` and `client.key`, each wholly ours or not
/// touched.
///
/// The runtimes read them for each connection, so nothing is reloaded. dockerd refuses every pull
/// from a registry whose directory has a client certificate without its key, or the reverse, or two
/// that do not belong together; so these two come, change and go with each other, and only as a
/// pair.
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
public final class CertificateFiles implements ManagedFiles {
  private static final String CONTENT = "content";
  private static final String MODE = "mode";
  private static final String CERTIFICATE = "client.cert";
  private static final String KEY = "client.key";

  /// What the files are called, in the order in which they go: see above.
  static final List<String> NAMES = List.of("ca.crt", CERTIFICATE, KEY);

  private final FileChanges changes;
  private final Sealer sealer;

  public CertificateFiles(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.sealer = sealer;
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
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
        : Optional.of(
            new ObservedResource(id, FilePlace.holding(environment, record, "a file"), fields));
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

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    FilePlace place = FilePlace.read(changes, change.id());
    place.requireOurs(environment);
    return change instanceof Change.Prune
        ? remove(environment, place)
        : write(environment, change, place, payloads);
  }

  private Outcome remove(String environment, FilePlace place) throws IOException {
    if (place.record() == null) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    var paths = new ArrayList<HostPath>();
    paths.add(place.path());
    FilePlace other = counterpart(place);
    if (other != null && other.isOf(environment)) {
      paths.add(isKey(place) ? 0 : 1, other.path());
    }
    HostsTree tree = HostsTree.around(changes, place.path());
    for (HostPath path : paths) {
      tree.requireUnnamed(path, path);
    }
    changes.remove(paths);
    return new Outcome.Applied();
  }

  private Outcome write(
      String environment, Change change, FilePlace place, Compiled.Payloads payloads)
      throws IOException {
    FileContent content = content(place, payloads);
    if (content == null) {
      return new Outcome.Unchanged("its content is not known");
    }
    CertificateFormat.require(place.path(), content);
    var parts = new ArrayList<FileChanges.Part>();
    parts.add(place.part(environment, content, mode(change, place)));
    FilePlace other = counterpart(place);
    if (other != null) {
      FileContent otherContent =
          other.isFree(environment) ? content(other, payloads) : other.content();
      requirePair(place, content, other, otherContent);
      if (otherContent != null && other.isFree(environment)) {
        String mode = isKey(other) ? "0600" : "0644";
        parts.add(isKey(place) ? 1 : 0, other.part(environment, otherContent, mode));
      }
    }
    HostsTree.around(changes, place.path()).requireNothingLost(place.path());
    denial(environment, place).ifPresent(parts::addFirst);
    changes.write(parts);
    return new Outcome.Applied();
  }

  private static void requirePair(
      FilePlace place, FileContent content, FilePlace other, @Nullable FileContent otherContent)
      throws HostFileException {
    if (otherContent == null) {
      throw HostFileException.unsafe(
          place.path()
              + ": "
              + other.path().name()
              + " is not known, and a runtime refuses one without the other.");
    }
    CertificateFormat.require(other.path(), otherContent);
    if (isKey(place)) {
      ClientPair.require(other.path(), otherContent, content);
    } else {
      ClientPair.require(place.path(), content, otherContent);
    }
  }

  // Under a denial of ours a directory with certificates alone would admit its registry. What is
  // declared for it, if anything is, follows in a later phase.
  private Optional<FileChanges.Part> denial(String environment, FilePlace place)
      throws IOException {
    HostsTree tree = HostsTree.around(changes, place.path());
    HostPath directory = place.path().parent();
    if (tree.admitted().isEmpty() || tree.hasForeignFiles(directory)) {
      return Optional.empty();
    }
    FilePlace hosts =
        FilePlace.read(
            changes,
            new ResourceId(
                ResourceKind.REGISTRY_HOST,
                place.id().scope(),
                directory.child(HostsDocument.NAME).text()));
    HostsDocument denied = HostsDocument.denied(directory.name());
    return hosts.seen() == null && hosts.isFree(environment)
        ? Optional.of(hosts.part(environment, denied.render(), denied.mode()))
        : Optional.empty();
  }

  private static boolean isKey(FilePlace place) {
    return place.path().name().equals(KEY);
  }

  /// @return null for a CA
  private @Nullable FilePlace counterpart(FilePlace place) throws IOException {
    String other =
        switch (place.path().name()) {
          case CERTIFICATE -> KEY;
          case KEY -> CERTIFICATE;
          default -> "";
        };
    ResourceId id = place.id();
    return other.isEmpty()
        ? null
        : FilePlace.read(
            changes,
            new ResourceId(id.kind(), id.scope(), place.path().parent().child(other).text()));
  }

  private static @Nullable FileContent content(FilePlace place, Compiled.Payloads payloads) {
    return switch (payloads.find(place.id(), CONTENT)) {
      case Payload.Text(Secret text) ->
          FileContent.of(text.reveal().getBytes(StandardCharsets.UTF_8));
      case Payload.Auth _ ->
          throw new IllegalStateException("a credential for a file: " + place.id());
      case null -> place.content();
    };
  }

  private static String mode(Change change, FilePlace place) {
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
