package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.target.host.Edit;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.SharedFile;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The `policy.json` of a host as it stands now, and what of it is ours.
///
/// | field | stands for |
/// |---|---|
/// | `default` | the default, which is `reject` |
/// | `allow/SCOPE` | that scope of registries, which asks for nothing |
/// | `local/TRANSPORT` | the same for all of a transport that reads this machine; comes and goes with `default`, and is in the state file alone |
record PolicyFile(SharedFile file, PolicyDocument document) {
  static final String DEFAULT = "default";
  static final String ALLOW = "allow/";
  private static final String LOCAL = "local/";

  /// What is on this machine already is no matter of registries: without these, `podman load`,
  /// `import`, `push` and `save` would end with a default of `reject`.
  private static final List<String> LOCAL_TRANSPORTS =
      List.of(
          "containers-storage",
          "dir",
          "docker-archive",
          "docker-daemon",
          "oci",
          "oci-archive",
          "tarball");

  /// @throws HostFileException if it cannot be reached without a link, or is no policy
  static PolicyFile read(FileChanges changes, HostPath path) throws IOException {
    SharedFile file = SharedFile.read(changes, path);
    FileContent content = file.seen() == null ? null : file.seen().content();
    return new PolicyFile(file, PolicyDocument.parse(path, content));
  }

  /// The fields that stand there, with those that are ours marked.
  SortedMap<String, ObservedField> fields(Set<String> ours) {
    var fields = new TreeMap<String, ObservedField>();
    boolean mine = ours.contains(DEFAULT);
    if (mine || document.fallback() == PolicyDocument.Default.REJECT) {
      fields.put(DEFAULT, new ObservedField(new FieldValue.Plain(fallback(ours)), mine));
    }
    document
        .scopes(PolicyDocument.REGISTRIES)
        .forEach(
            (scope, requirement) -> {
              String field = ALLOW + scope;
              fields.put(field, field(requirement, ours.contains(field)));
            });
    return fields;
  }

  // Somebody else's demand for a signature is kept: it admits what it should, and more strictly.
  private static ObservedField field(PolicyDocument.Requirement requirement, boolean ours) {
    String value =
        switch (requirement) {
          case NOTHING -> "present";
          case SIGNATURE -> ours ? "with a signature" : "present";
          case REJECTED -> "rejected";
        };
    return new ObservedField(new FieldValue.Plain(value), ours);
  }

  private String fallback(Set<String> ours) {
    boolean local =
        ours.stream()
            .filter(field -> field.startsWith(LOCAL))
            .allMatch(field -> document.scopes(SharedFile.nameOf(field)).containsKey(""));
    return switch (document.fallback()) {
      case REJECT -> local ? "reject" : "reject, also of local images";
      case ACCEPT -> "insecureAcceptAnything";
      case SIGNED -> "signed";
      case NONE -> "absent";
    };
  }

  /// What it becomes.
  ///
  /// @param owners of each field afterwards
  record Next(PolicyDocument document, SortedMap<String, String> owners) {}

  /// @throws HostFileException if the default is neither of the two that an allow-list can replace
  Next edited(String environment, Edit edit) throws HostFileException {
    PolicyDocument next = document;
    SortedMap<String, String> owners = file.owners(environment, edit);
    PolicyDocument original = original();
    for (String field : edit.dropped()) {
      next = without(next, field, original);
    }
    if (edit.dropped().contains(DEFAULT)) {
      for (String field : List.copyOf(owners.keySet())) {
        if (field.startsWith(LOCAL)) {
          next = without(next, field, original);
          owners.remove(field);
        }
      }
    }
    for (String field : edit.set()) {
      if (field.startsWith(ALLOW)) {
        next = accepting(next, PolicyDocument.REGISTRIES, SharedFile.nameOf(field), field, owners);
      }
    }
    return edit.set().contains(DEFAULT)
        ? rejecting(environment, next, owners)
        : new Next(next, owners);
  }

  private Next rejecting(
      String environment, PolicyDocument document, SortedMap<String, String> owners)
      throws HostFileException {
    requireReplaceable();
    PolicyDocument next = document;
    for (String transport : LOCAL_TRANSPORTS) {
      String field = LOCAL + transport;
      owners.put(field, environment);
      next = accepting(next, transport, "", field, owners);
    }
    return new Next(next.rejecting(), owners);
  }

  // What somebody else declared stays theirs, also if we want the same.
  private PolicyDocument accepting(
      PolicyDocument next,
      String transport,
      String scope,
      String field,
      SortedMap<String, String> owners)
      throws HostFileException {
    boolean foreign = document.scopes(transport).containsKey(scope) && !isRecorded(field);
    if (foreign) {
      owners.remove(field);
      return next;
    }
    return next.accepting(transport, scope);
  }

  private boolean isRecorded(String field) {
    return file.record() != null && file.record().owners().containsKey(field);
  }

  private void requireReplaceable() throws HostFileException {
    boolean replaceable =
        switch (document.fallback()) {
          case ACCEPT, REJECT, NONE -> true;
          case SIGNED -> isRecorded(DEFAULT);
        };
    if (!replaceable) {
      throw HostFileException.unsafe(
          file.path()
              + ": its default asks for signatures, which `reject` would replace by less for what is"
              + " listed. Move that demand to scopes, or take the allow-list off this environment.");
    }
  }

  /// What the file would be without us: the very bytes from before if nobody changed it after us,
  /// else what is there now without what is ours.
  ///
  /// @return null if there would be no file
  @Nullable FileContent before() throws HostFileException {
    if (file.record() == null) {
      return file.seen() == null ? null : file.seen().content();
    }
    FileContent first = file.record().before();
    if (file.seen() == null || file.record().left(file.seen())) {
      return first;
    }
    PolicyDocument original = original();
    PolicyDocument stripped = document;
    for (String field : file.record().owners().keySet()) {
      stripped = without(stripped, field, original);
    }
    return stripped.content();
  }

  private PolicyDocument original() throws HostFileException {
    return PolicyDocument.parse(file.path(), file.record() == null ? null : file.record().before());
  }

  private static PolicyDocument without(
      PolicyDocument document, String field, PolicyDocument original) throws HostFileException {
    if (field.equals(DEFAULT)) {
      return document.withDefaultOf(original);
    }
    return field.startsWith(ALLOW)
        ? document.without(PolicyDocument.REGISTRIES, SharedFile.nameOf(field), original)
        : document.without(SharedFile.nameOf(field), "", original);
  }
}
