package dev.tidewaiter.target.host.system;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Our files in a trust store's directory, each wholly ours or not touched.
///
/// A file that the bundle does not have, because the host lost its power in between or somebody
/// made the bundle without it, is observed as [#WITHOUT_EFFECT], and so applied again.
record TrustedCertificates(FileChanges changes, TrustStore store) {
  private static final String CONTENT = "content";
  private static final String MODE = "mode";
  private static final String WITHOUT_EFFECT = "not in the bundle";
  private static final Ownership FILE = Ownership.ofMode("0644");
  private static final Ownership DIRECTORIES = Ownership.ofMode("0755");

  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    var path = new HostPath(id.name());
    Optional<OwnedFile> record = changes.state().find(path);
    boolean ours = record.isPresent() && isOf(environment, record.get());
    var fields = new TreeMap<String, ObservedField>();
    try {
      Optional<HostFile> file = changes.read(path);
      if (file.isPresent()) {
        String content =
            ours && !store.trusts(file.get().content()) ? WITHOUT_EFFECT : file.get().digest();
        fields.put(CONTENT, field(content, ours));
        fields.put(MODE, field(file.get().ownership().mode(), ours));
      } else if (record.isPresent()) {
        fields.put(CONTENT, field("absent", ours));
      }
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied, for this resource alone.
      record.ifPresent(_ -> fields.put(CONTENT, field("unreadable", ours)));
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObservedResource(id, holding(environment, record), fields));
  }

  private static ObservedField field(String text, boolean ours) {
    return new ObservedField(new FieldValue.Plain(text), ours);
  }

  private static boolean isOf(String environment, OwnedFile record) {
    return environment.equals(record.owners().get(CONTENT));
  }

  private static Holding holding(String environment, Optional<OwnedFile> record) {
    if (record.isEmpty()) {
      return new Holding.Foreign("a file that somebody else wrote", Holding.Adoption.FORBIDDEN);
    }
    return isOf(environment, record.get())
        ? new Holding.Ours()
        : new Holding.Elsewhere("environment " + record.get().owners().get(CONTENT));
  }

  Outcome apply(String environment, Change change, Compiled.Payloads payloads) throws IOException {
    var path = new HostPath(change.id().name());
    if (!path.parent().equals(store.family().directory()) || !path.name().endsWith(".crt")) {
      throw new IllegalStateException("not in the trust store: " + path);
    }
    HostFile seen = changes.read(path).orElse(null);
    OwnedFile record = changes.state().find(path).orElse(null);
    requireOurs(environment, path, seen, record);
    if (change instanceof Change.Prune) {
      return record == null ? new Outcome.Unchanged("nothing of it is ours") : remove(path);
    }
    FileContent content = content(change.id(), payloads, seen);
    if (content == null) {
      return new Outcome.Unchanged("its content is not known");
    }
    Bundle.requireCertificates(path, content);
    write(environment, change.id(), seen, content);
    return new Outcome.Applied();
  }

  private static void requireOurs(
      String environment, HostPath path, @Nullable HostFile seen, @Nullable OwnedFile record)
      throws HostFileException {
    if (record == null && seen != null) {
      throw HostFileException.conflict(
          path + ": somebody else wrote it. Remove it to hand its place over.");
    }
    if (record != null && !isOf(environment, record)) {
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

  private void write(
      String environment, ResourceId id, @Nullable HostFile seen, FileContent content)
      throws IOException {
    var path = new HostPath(id.name());
    put(environment, id, seen, content);
    try {
      if (seen == null) {
        store.add(path);
      } else {
        store.renew(path);
      }
      if (!store.trusts(content)) {
        throw new HostFileException(
            FailureReason.NotEffective,
            path
                + ": "
                + store.family().program()
                + " left it out of /"
                + store.family().bundle().text()
                + ", perhaps because it is no CA.");
      }
    } catch (IOException e) {
      takeBack(environment, id, seen);
      throw e;
    }
  }

  private void put(String environment, ResourceId id, @Nullable HostFile seen, FileContent content)
      throws IOException {
    var path = new HostPath(id.name());
    Set<String> digests = changes.state().find(path).map(OwnedFile::digests).orElse(Set.of());
    var owners = new TreeMap<>(Map.of(CONTENT, environment));
    changes.write(
        new FileChanges.Write(path, seen, content, FILE, DIRECTORIES),
        new OwnedFile(id, owners, FILE.mode(), digests, null));
  }

  private void takeBack(String environment, ResourceId id, @Nullable HostFile before)
      throws IOException {
    var path = new HostPath(id.name());
    if (before == null) {
      changes.remove(List.of(path));
    } else {
      put(environment, id, changes.read(path).orElse(null), before.content());
    }
    store.renew(path);
  }

  // Forgotten last, so that a crash before that is followed by another attempt.
  private Outcome remove(HostPath path) throws IOException {
    changes.files().delete(path);
    store.renew(path);
    changes.remove(List.of(path));
    return new Outcome.Applied();
  }
}
