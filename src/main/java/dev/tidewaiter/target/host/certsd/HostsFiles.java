package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RegistryHost;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
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
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/// The `hosts.toml` of registries, and the denial of all others: resources of the kinds
/// REGISTRY_HOST and DENIAL.
///
/// The fields are read from the text. One that is not exactly what we write has one field more,
/// which nobody desires, so that it is put right.
public final class HostsFiles implements ManagedFiles {
  private final FileChanges changes;
  private final Sealer sealer;
  private final RegistryHostFile registries;
  private final DenialFile denial;

  public HostsFiles(FileChanges changes, Sealer sealer, Denials denials) {
    this.changes = changes;
    this.sealer = sealer;
    var needs = new Needs(denials);
    this.registries = new RegistryHostFile(changes, needs);
    this.denial = new DenialFile(changes, needs, denials);
  }

  /// @param id of kind REGISTRY_HOST or DENIAL
  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    var path = new HostPath(id.name());
    Optional<OwnedFile> record = changes.state().find(path);
    boolean ours = record.isPresent() && record.get().owners().containsValue(environment);
    var fields = new TreeMap<String, ObservedField>();
    try {
      Optional<HostFile> file = changes.read(path);
      if (file.isPresent()) {
        observed(id, path, file.get(), record.isPresent())
            .forEach((field, value) -> fields.put(field, new ObservedField(value, ours)));
      } else if (record.isPresent()) {
        fields.put(RegistryHost.EDITED, new ObservedField(plain("absent"), ours));
      }
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied, for this resource alone.
      record.ifPresent(
          _ -> fields.put(RegistryHost.EDITED, new ObservedField(plain("unreadable"), ours)));
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ObservedResource(
                id, FilePlace.holding(environment, record, "a hosts.toml"), fields));
  }

  private SortedMap<String, FieldValue> observed(
      ResourceId id, HostPath path, HostFile file, boolean known) {
    var fields = new TreeMap<String, FieldValue>();
    if (!known) {
      fields.put(RegistryHost.EDITED, plain("foreign"));
      return fields;
    }
    Optional<HostsDocument> document = HostsDocument.parse(path.parent().name(), file.content());
    document.ifPresent(present -> fields.putAll(fields(id, present)));
    boolean exact =
        document.isPresent()
            && document.get().isRenderedAs(file.content())
            && document.get().mode().equals(file.ownership().mode());
    if (!exact) {
      fields.put(RegistryHost.EDITED, plain("edited"));
    }
    return fields;
  }

  private SortedMap<String, FieldValue> fields(ResourceId id, HostsDocument document) {
    var fields = new TreeMap<String, FieldValue>();
    document.host().fields().forEach((field, value) -> fields.put(field, plain(value)));
    document
        .authorizations()
        .forEach(
            (number, credential) -> {
              String field = "authorization/" + number;
              fields.put(
                  field, new FieldValue.Sealed(sealer.seal(id, field, credential.sealable())));
            });
    document.admitted().forEach(name -> fields.put(DenialFile.ALLOWED + name, plain("present")));
    return fields;
  }

  private static FieldValue plain(String text) {
    return new FieldValue.Plain(text);
  }

  /// @param change of a resource of kind REGISTRY_HOST or DENIAL
  /// @throws HostFileException if a precondition is not met; nothing is written then
  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    FilePlace place = FilePlace.read(changes, change.id());
    place.requireOurs(environment);
    return change.id().kind() == ResourceKind.DENIAL
        ? denial.apply(environment, change, place)
        : registries.apply(environment, change, place, payloads);
  }

  /// The registries that our denial in a tree admits; empty if none of ours is there.
  ///
  /// @param tree such as `etc/docker/certs.d`
  public Optional<SortedSet<String>> admitted(HostPath tree) throws IOException {
    return new HostsTree(changes, tree).admitted();
  }

  /// What exempts registries from our denial in a tree, or stands before a directory of ours in it;
  /// none where we deny nothing. Each tells itself as a sentence for a proof.
  public List<ForeignDirectory> foreignDirectories(HostPath tree) throws IOException {
    var hosts = new HostsTree(changes, tree);
    Optional<SortedSet<String>> admitted = hosts.admitted();
    return admitted.isPresent() ? hosts.foreign(admitted.get()) : List.of();
  }
}
